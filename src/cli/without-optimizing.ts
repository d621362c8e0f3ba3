// V8 compiles what runs often a second and third time, which pays in runs longer than the check of a usual configuration.
import { setFlagsFromString } from 'node:v8'
import type { Source } from '../config/yaml/source.ts'

/** Characters. At twice as many both ways take the same time; at a tenth, optimizing costs a quarter of the processor time. */
const LONG = 256 * 1024

/** For a command that checks these sources and ends. */
export function withoutOptimizing(sources: readonly Source[]): void {
  if (sources.reduce((sum, { text }) => sum + text.length, 0) > LONG) return
  for (const flag of ['--no-opt', '--no-maglev']) setFlagsFromString(flag)
}
