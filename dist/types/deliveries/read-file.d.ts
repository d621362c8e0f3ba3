import type { StoredFile } from './delivery.ts';
/**
 * As many bytes as were seen before: what grows is cut, and what shrinks ends in AppError `file_unavailable`. A part may be used
 * until the third one after it is asked for: that is, by whoever asks for no more while a stream is full. `onSent` is told of
 * a part when the next one is asked for.
 */
export declare function readFile({ path, name, size, bytes }: StoredFile, onSent: ((bytes: number) => void) | undefined): AsyncGenerator<Buffer>;
