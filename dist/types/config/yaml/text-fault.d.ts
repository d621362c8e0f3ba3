export interface TextFault {
    code: string;
    message: string;
    offset: number;
    /** Default: one character. */
    end?: number;
    hint?: string;
}
export declare const MAX_DEPTH = 200;
/** The first byte that is no text, if there is one. */
export declare function notUtf8(text: string): TextFault | undefined;
export declare function tooDeepAt(offset: number): TextFault;
