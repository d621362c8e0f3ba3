/**
 * Decoded one time, and in the plain form of its characters (Unicode NFKC, which makes a full stop of a fullwidth one). The
 * same text when nothing is left to decode.
 */
export declare function decodedOnce(text: string): string;
/** Whether some server could read `.` or `..` in a segment, however often it decodes. */
export declare function hidesDots(segment: string): boolean;
