// Memory of a large body's chunks, used again while the body still comes. A chunk is a small object that holds much memory: by
// itself the garbage collector waits for some 64 MiB of them, none of which is in the processor's cache any more.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const EVERY_BYTES = 8 * 1024 * 1024

let passed = 0
let collect: NodeJS.GCFunction | undefined

/** To be called for each chunk of every large body, with its length. Where chunks can be freed one by one, see `freeBuffer`. */
export function collectPassed(bytes: number): void {
  passed += bytes
  if (passed < EVERY_BYTES) return
  passed = 0
  collect ??= openCollector()
  // Young objects only, which takes less than a millisecond.
  collect({ type: 'minor' })
}

/** Node hands it out to contexts that begin after this. */
function openCollector(): NodeJS.GCFunction {
  setFlagsFromString('--expose-gc')
  const opened = runInNewContext('gc') as NodeJS.GCFunction
  setFlagsFromString('--no-expose-gc')
  return opened
}
