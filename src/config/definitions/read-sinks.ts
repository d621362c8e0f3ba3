// Written sinks that the schema accepted -> sinks in the product's own words.
import { dirname, resolve } from 'node:path'
import type { Place, Sink } from '../model/model.ts'
import type { RawSink } from './raw.ts'

const DEFAULT_MODE = '0600'

/** Relative paths start at the folder of the file that names them. */
export function readSinks(raw: readonly RawSink[], { document }: Place): Sink[] {
  return raw.map(({ file, format = 'token', mode = DEFAULT_MODE }) => ({
    path: resolve(dirname(document.source.path), file),
    format,
    mode: Number.parseInt(mode, 8),
  }))
}
