// `bearerd completion`: a script for a shell, made from the table of commands.
import { bashScript } from '../completion/bash.ts'
import { describeCommands, type TableEntry } from '../completion/described-command.ts'
import { fishScript } from '../completion/fish.ts'
import { zshScript } from '../completion/zsh.ts'
import { EXIT, print } from '../output.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript }

export async function completion(shell: keyof typeof SCRIPTS, table: readonly TableEntry[]): Promise<number> {
  await print(SCRIPTS[shell](describeCommands(table)))
  return EXIT.ok
}
