/** What ends the hold; undefined while another process has the folder. */
export declare function holdFolder(folder: string): Promise<(() => void) | undefined>;
/** Waits for the one before. Undefined when that takes longer than the limit. The file is gone when nobody holds it. */
export declare function waitForFile(path: string, limitMs: number): Promise<(() => void) | undefined>;
