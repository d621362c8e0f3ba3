// The daemon's process, begun again in place with a setting of its memory that Node takes only at its start.

/** MiB. What requests leave behind is gone soon, so that a loaded daemon holds about 20 MiB less than with the 16 MiB of Node. */
const YOUNG_MIB = 4

/** For `bearerd run`. Same process id, same arguments; whoever sets the size keeps it. */
export function beginWithSmallYoungGeneration(): void {
  const { argv, env, execArgv, execPath, platform } = process
  if (argv[2] !== 'run' || platform === 'win32' || !process.execve) return
  if ([...execArgv, env.NODE_OPTIONS ?? ''].some(option => option.includes('semi-space-size'))) return
  process.execve(execPath, [execPath, `--max-semi-space-size=${YOUNG_MIB}`, ...execArgv, ...argv.slice(1)], env)
}
