// An error that nobody caught -> the end of the process, with a message. The text of a foreign error may hold headers and
// bodies: of such a one only its kind and its place are told.
import { errorFacts } from '../base/error.ts'
import type { Log } from '../base/log.ts'

const FAILED = 3

/** `log`: the one of that moment. */
export function endOnCrash(log: () => Log): void {
  const crash = (error: unknown) => {
    log().error(errorFacts(error), 'bearerd ends: an error that nobody caught')
    process.exit(FAILED)
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
}
