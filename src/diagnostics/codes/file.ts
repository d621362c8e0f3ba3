// The pages of file/*: paths of the command line. What is wrong is not in a text, so the examples are described.
import type { CodePage } from './code-page.ts'

export const filePages: readonly CodePage[] = [
  {
    code: 'file/not-found',
    severity: 'error',
    title: 'A path that is neither a file nor a folder nor a glob with a match',
    explanation: `A path of the command line, of \`--config\` or of \`BEARERD_CONFIG\` leads nowhere.
The hint names the file beside it that is spelt most like it. \`bearerd validate\`
ends with exit code 2, as for any wrong command line.`,
    bad: '`bearerd validate services.yml` in a folder that has `services.yaml` only.',
    good: '`bearerd validate services.yaml`, or `bearerd validate .` for all files of the folder.',
    described: true,
  },
  {
    code: 'file/unreadable',
    severity: 'error',
    title: 'A file or folder that cannot be read',
    explanation: `The path exists, and the system refuses to read it: because of its permissions,
or because it is a link that leads nowhere or to itself. The rest of the
configuration is checked; what accounts, services and variables it may define
is not known, so a name that is missing in the rest is not told.
\`bearerd validate\` ends with exit code 1.`,
    bad: 'A file with the permissions `0600` that belongs to another user.',
    good: 'The same file, readable for the user who runs the command.',
    described: true,
  },
  {
    code: 'file/empty-folder',
    severity: 'error',
    title: 'A folder that holds no `.yaml` or `.yml` file',
    explanation: `A folder stands for the YAML files in it and below it. Hidden files and folders
are skipped, and so are other endings. A folder without any is mostly a wrong
path: an error where nothing else is read, a warning beside other files. The
daemon starts with it, and takes what comes. A folder that had files and has
none at a reload is an error, other files beside it or not: what ran goes on. To
end the services of its last file, leave the file without them (\`version: 1\`),
or start again.`,
    bad: '`bearerd validate services.d/` where the folder holds `crm.yaml.disabled` only.',
    good: '`bearerd validate services.d/` where the folder holds `crm.yaml`.',
    described: true,
  },
  {
    code: 'file/too-large',
    severity: 'error',
    title: 'A file that is larger than a configuration can be',
    explanation: `A file has at most 5 MiB, a million words and signs, and 20,000 entries in one
mapping or list: more is refused before it takes the time of whoever waits, and
the memory of the machine. A service takes about seventy words. Several smaller
files are one configuration as well.`,
    bad: 'A mapping of 100,000 services in one file.',
    good: 'The same services in ten files of one folder.',
    described: true,
  },
]
