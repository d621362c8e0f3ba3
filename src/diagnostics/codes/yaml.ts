// The pages of yaml/*: texts that are no YAML, or more than a configuration can mean.
import type { CodePage } from './code-page.ts'

const DEPTH = 201

export const yamlPages: readonly CodePage[] = [
  {
    code: 'yaml/syntax',
    severity: 'error',
    title: 'Not YAML 1.2 in UTF-8',
    explanation: `The text cannot be read as YAML, so nothing else can be said about this
document. Common reasons are a tab in the indentation, a quote or bracket that
is never closed, a text with a colon and a blank in it that needs quotes, and a
value that starts with \`{{\`, which YAML reads as a mapping.

Only the first problem of a document is told: the later ones mostly follow from
it. Other documents and other files are checked all the same.`,
    bad: `version: 1
services:
  weather:
    title: Weather: the forecast
    account: { authorization: none }
    serverUrl: https://api.weather.example
`,
    good: `version: 1
services:
  weather:
    title: "Weather: the forecast"
    account: { authorization: none }
    serverUrl: https://api.weather.example
`,
  },
  {
    code: 'yaml/duplicate-key',
    severity: 'error',
    title: 'The same key twice in one mapping',
    explanation: `YAML wants each key of a mapping once. Many programs let the last one win
without a word; here neither is taken silently, because one of the two was meant
to be something else.`,
    bad: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeout: 10s
    timeout: 20s
`,
    good: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeout: 20s
`,
  },
  {
    code: 'yaml/unknown-tag',
    severity: 'error',
    title: 'A YAML tag, which means nothing here',
    explanation: `Tags such as \`!env\` belong to other programs. A parser that does not know a tag
keeps the text behind it: the name of the environment variable would become the
secret. References are mappings here.`,
    bad: `version: 1
services:
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: !env WEATHER_KEY }
    serverUrl: https://api.weather.example
`,
    good: `version: 1
services:
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { env: WEATHER_KEY } }
    serverUrl: https://api.weather.example
`,
  },
  {
    code: 'yaml/alias-limit',
    severity: 'error',
    title: 'Aliases that stand for too much, or for themselves',
    explanation: `An alias repeats what stands before it. One that stands inside of what it
repeats has no end, and lists of aliases of lists grow to more than any machine
holds: a file may stand for two million values, and its merge keys may bring in
200,000 keys.`,
    bad: `version: 1
services:
  weather: &weather
    account: { authorization: none }
    serverUrl: https://api.weather.example
    x-again: *weather
`,
    good: `version: 1
services:
  weather: &weather
    account: { authorization: none }
    serverUrl: https://api.weather.example
  forecast: *weather
`,
  },
  {
    code: 'yaml/too-deep',
    severity: 'error',
    title: 'More levels of nesting than any configuration needs',
    explanation: `A file may nest 200 levels deep; a real one needs fewer than ten. What is deeper
was mostly made by a program that went wrong.`,
    bad: `version: 1
x-levels: ${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}
`,
    good: `version: 1
x-levels: [[[]]]
`,
  },
]
