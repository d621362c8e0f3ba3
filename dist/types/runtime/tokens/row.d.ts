export interface Row {
    /** The work must not reject. */
    push(work: () => Promise<void>): void;
    /** How much has not begun. */
    readonly waiting: number;
    /** When nothing runs and nothing waits. */
    ended(): Promise<void>;
}
export declare function createRow(atOnce: number): Row;
