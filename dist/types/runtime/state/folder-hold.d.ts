/** What ends the hold; undefined while another process has the folder. Where nothing can be locked, nobody else is seen. */
export declare function holdFolder(folder: string): Promise<(() => void) | undefined>;
