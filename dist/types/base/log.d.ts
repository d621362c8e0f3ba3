export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | object>>;
/** Fields never hold secrets, bodies or queries. */
export interface Log {
    debug(fields: LogFields, message: string): void;
    info(fields: LogFields, message: string): void;
    warn(fields: LogFields, message: string): void;
    error(fields: LogFields, message: string): void;
    /** Whether debug lines are written: to save making them. */
    isDebug?(): boolean;
}
export declare const silentLog: Log;
