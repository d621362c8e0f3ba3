import { AppError } from '../../base/error.ts';
import type { SourceOptions } from './source-options.ts';
export type { Fetched, SourceOptions } from './source-options.ts';
export type SourceState = 'idle' | 'ready' | 'degraded' | 'failing';
export declare class CachedSource<T> {
    #private;
    constructor(options: SourceOptions<T>);
    /** The value at once when there is one that lives at least `minTtlMs` longer; starts a renewal that is due. */
    current(minTtlMs?: number): T | undefined;
    /**
     * The value, fetched when needed: any number of callers share one fetch. A value that lives less than `minTtlMs` even
     * when fresh is given rather than nothing. Rejects with the fetch's error, or the last one while a pause lasts.
     */
    get(minTtlMs?: number): Promise<T>;
    /** Fetched now, and kept fresh whether it is used or not, until the returned function is called. */
    keepWarm(): () => void;
    /** Calls back after each fetch that succeeded, until the returned function is called. */
    onRenewed(listener: () => void): () => void;
    /**
     * A user of this very value was refused: the next `get` fetches. An older value than the current one changes nothing, and
     * neither does one that came in place of another young one: whoever refuses each new value would cause a fetch each time.
     */
    reject(value: T): void;
    /** A user of this value was not refused: refusals are not the rule. */
    accept(value: T): void;
    /** Fetches in the background and keeps the present value meanwhile; ends a pause. A fetch that runs began too early to count. */
    renew(): void;
    forget(): void;
    /** An attempt of the fetch that runs failed, and is made again within it. */
    tellTrouble(error: AppError): void;
    /** Takes over what another source holds. */
    adopt(other: CachedSource<T>): void;
    get listeners(): Set<() => void>;
    /** Of a source in whose place this new one is. */
    inherit(listeners: Set<() => void>): void;
    /** No more background work; a running fetch ends by itself, and callers that wait for it are served. */
    stop(): void;
    get state(): SourceState;
    get expiresAtMs(): number | null;
    get lastError(): AppError | undefined;
    get value(): T | undefined;
    /** Whether callers are given the value, should there be no other one. */
    get serves(): boolean;
    /** Milliseconds since this value was issued; Infinity when it is not held any more. */
    ageOf(value: T): number;
}
