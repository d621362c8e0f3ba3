// What is said about a diagnostic code: one page, with a file that gives it and the same file put right.
import type { Severity } from '../diagnostic.ts'

export interface CodePage {
  /** `family/name`. */
  code: string
  /** What it mostly is; the explanation says when it is something else. */
  severity: Severity
  /** What is wrong, in one line of Markdown without a full stop. */
  title: string
  /** Markdown of some paragraphs, in lines of a terminal's width. */
  explanation: string
  /** A complete file that gives this code and no other; a sentence where no text of a file can show it. */
  bad: string
  /** The same, put right: a file without any problem, or a sentence. */
  good: string
  /** The examples are sentences: what is wrong is not in the text of a file. */
  described?: true
}
