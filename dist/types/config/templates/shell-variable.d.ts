/** The first one of a text, with what is said of it. */
export declare function shellVariable(text: string): {
    within: {
        start: number;
        end: number;
    };
    message: string;
    hint: string;
} | undefined;
/** Whether a text waits for something to expand it: it is nothing but a template of some tool or a reference in quotes, or holds a variable. */
export declare function isUnexpanded(text: string): boolean;
