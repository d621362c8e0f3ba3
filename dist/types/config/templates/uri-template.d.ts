import type { Expression, TemplatePart } from './template.ts';
/** `start`: an absolute URL. `authority`: host labels. `component`: anything, percent-encoded. */
export type UriPosition = 'start' | 'authority' | 'component';
export type UriPart = {
    kind: 'text';
    text: string;
} | {
    kind: 'expression';
    expression: Expression;
    position: UriPosition;
};
export interface UriFault {
    code: 'uri/invalid' | 'uri/host-from-value';
    message: string;
    hint?: string;
    within?: {
        start: number;
        end: number;
    };
}
export interface UriTemplate {
    parts: UriPart[];
    /** The URL with every constant filled in and a placeholder for what is read later. */
    url: URL;
    /** False when scheme and host are known only at run time. */
    hostKnown: boolean;
    /** Whether a caller, a secret or a token response has a part in the host. */
    hostFromValue: boolean;
}
/** The constant text of an expression, or undefined when it is known only at run time. */
export type ConstantOf = (expression: Expression) => string | undefined;
/** Whether a caller's value is part of an expression. */
export type IsParameter = (expression: Expression) => boolean;
/** What a value in the authority is made of. */
export declare const HOST_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
/** Texts that a value in the authority may be: labels of a host, or a port. */
export declare const HOST_LABELS: RegExp;
export declare function analyzeUri(template: readonly TemplatePart[], constantOf: ConstantOf, isParameter?: IsParameter): {
    ok: true;
    value: UriTemplate;
} | {
    ok: false;
    fault: UriFault;
};
/** A piece of a URI with its value filled in; `position` for an expression. */
export interface FilledPart {
    text: string;
    position?: UriPosition;
}
/** Whether a value makes a segment of the path `.` or `..`, in any spelling that a URL parser or some server would resolve. */
export declare function movesPath(parts: readonly FilledPart[]): boolean;
/** The value as it stands in the URI, or undefined when it may not stand there: no value can change the host. */
export declare function encodeAt(position: UriPosition, value: string): string | undefined;
/** Loopback by name or address: the only hosts where plain http is safe. */
export declare function isLoopback(hostname: string): boolean;
