import type { Place, Sink } from '../model/model.ts';
import type { RawSink } from './raw.ts';
/** Relative paths start at the folder of the file that names them. */
export declare function readSinks(raw: readonly RawSink[], { document }: Place): Sink[];
