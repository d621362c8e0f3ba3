export interface ProgressFeed<T> {
    push(value: T): void;
    end(): void;
    fail(error: unknown): void;
    iterate(): AsyncIterator<T>;
}
export declare function createProgressFeed<T>(): ProgressFeed<T>;
