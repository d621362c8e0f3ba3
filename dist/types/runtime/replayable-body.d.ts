/** Bodies up to this size are read before they are sent. */
export declare const MAX_REPLAYABLE_BYTES: number;
export type ReplayableBody = {
    kind: 'none';
} | {
    kind: 'bytes';
    bytes: Uint8Array<ArrayBuffer>;
} | {
    kind: 'stream';
    stream: ReadableStream<Uint8Array>;
};
/** Reads until the end or the limit, whichever comes first. */
export declare function readReplayable(body: ReadableStream<Uint8Array> | null, maxBytes?: number): Promise<ReplayableBody>;
