import type { JsonTemplate, NamedValue, Place, Value, Variables } from './written-value.ts';
export interface Retry {
    attempts: number;
    /** Where somebody waits for the end. */
    attemptsNow: number;
    minDelayMs: number;
    maxDelayMs: number;
    /** Statuses that are tried again; undefined: 408, 425, 429 and 5xx. */
    on?: number[];
}
export type ActionType = 'copyToHttpServer' | 'sendToConnectedService';
/** `contentType` undefined: by the ending of the file's name. */
export type ActionContent = {
    kind: 'none';
} | {
    kind: 'file';
    contentType?: string;
} | {
    kind: 'multipart';
    field: string;
    fields: NamedValue[];
    contentType?: string;
} | {
    kind: 'text';
    template: Value;
    contentType: string;
} | {
    kind: 'json';
    json: JsonTemplate;
} | {
    kind: 'form';
    fields: NamedValue[];
};
export interface Action {
    name: string;
    title?: string;
    place: Place;
    vars: Variables;
    type: ActionType;
    /** Name of its service; undefined with `url`. */
    service?: string;
    /** Below the service's URL, or absolute. */
    target: {
        kind: 'path' | 'url';
        value: Value;
    };
    method: string;
    headers: NamedValue[];
    content: ActionContent;
    files: 'each' | 'together';
    outputFileName?: Value;
    /** JSON Schema 2020-12. */
    input?: Record<string, unknown>;
    /** Undefined: any 2xx. */
    successStatus?: number[];
    retry: Retry;
    /** One delivery after the other. */
    ordered: boolean;
    idempotencyKey?: Value;
    /** Undefined: the answer is not kept. */
    keepResponseBytes?: number;
}
