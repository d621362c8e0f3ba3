/** The last segment of what a caller calls a file, safe as a name of its own. */
export declare function safeBaseName(name: string): string;
/** Separators and control characters become `_`; too long ones lose their middle, not their ending. */
export declare function safeFileName(name: string): string;
/** RFC 6266, with the encoding of RFC 8187 for names beyond ASCII. */
export declare function contentDisposition(name: string): string;
/** A name or a file name of a part of a form: UTF-8, with what could end it percent-encoded (RFC 7578 section 2, HTML form data). */
export declare function formName(name: string): string;
/** By the ending of a name; `application/octet-stream` for all others. */
export declare function contentTypeOf(name: string): string;
