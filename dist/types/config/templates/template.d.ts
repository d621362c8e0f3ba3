export type TemplatePart = {
    kind: 'text';
    text: string;
}
/** A variable such as `vars.region`, or a function of variables and texts. Offsets count in the template's text. */
 | {
    kind: 'expression';
    expression: Expression;
    start: number;
    end: number;
};
export type Expression = {
    kind: 'variable';
    name: string;
    start: number;
    end: number;
} | {
    kind: 'literal';
    text: string;
} | {
    kind: 'call';
    function: TemplateFunction;
    arguments: Expression[];
};
export declare const TEMPLATE_FUNCTIONS: readonly ['base64', 'json', 'date'];
export type TemplateFunction = (typeof TEMPLATE_FUNCTIONS)[number];
export interface TemplateFault {
    code: 'template/syntax' | 'template/unsupported';
    message: string;
    start: number;
    end: number;
    hint?: string;
}
export type ParsedTemplate = {
    ok: true;
    parts: TemplatePart[];
    variables: {
        name: string;
        start: number;
        end: number;
    }[];
} | {
    ok: false;
    fault: TemplateFault;
};
/** Never throws; the same text gives the same answer. */
export declare function parseTemplate(text: string): ParsedTemplate;
/**
 * The functions of templates: `base64` of the UTF-8 bytes of all texts together, `json` as a JSON string, `date` of an
 * RFC 3339 time in a format, a duration later.
 */
export declare function callFunction(name: TemplateFunction, ...texts: readonly string[]): string;
