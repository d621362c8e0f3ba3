import type { Secret } from '../../base/secret.ts';
import type { Document, Path } from '../yaml/document.ts';
/** Where something is written. Resolved to line and column only when somebody asks. */
export interface Place {
    document: Document;
    path: Path;
}
/**
 * How to get a secret. Paths are absolute. A literal one refers to itself. A file with a `template` is a file once its
 * expressions are filled in, and must then be `within` the folder in which the first parameter stands.
 */
export type SecretReference = {
    kind: 'env';
    name: string;
}
/** `kept`: something else keeps it fresh; it is read without the blanks around it. `public`: others may read it too. */
 | {
    kind: 'file';
    path: string;
    template?: FileTemplate;
    within?: string;
    kept?: {
        at?: string;
    };
    public?: true;
} | {
    kind: 'exec';
    command: string[];
    directory: string;
} | {
    kind: 'systemd';
    name: string;
}
/** `key`: of the account's plan for the values of parameters, where that is not the name. */
 | {
    kind: 'account';
    account: string;
    key?: string;
    field?: string;
} | {
    kind: 'literal';
    secret: Secret;
};
/** A path with expressions, as it is written, and the folder where it starts when it is relative. */
export interface FileTemplate {
    text: string;
    directory: string;
}
/** A text, maybe with expressions, or a reference to a secret. */
export type Value = {
    kind: 'template';
    text: string;
    place: Place;
} | {
    kind: 'secret';
    reference: SecretReference;
    place: Place;
};
export type Variables = Readonly<Record<string, Value>>;
export interface NamedValue {
    name: string;
    value: Value;
}
/** A JSON value whose texts are templates. */
export type JsonTemplate = {
    kind: 'text';
    value: Value;
} | {
    kind: 'literal';
    value: number | boolean | null;
} | {
    kind: 'list';
    items: JsonTemplate[];
} | {
    kind: 'object';
    members: [name: string, value: JsonTemplate][];
};
