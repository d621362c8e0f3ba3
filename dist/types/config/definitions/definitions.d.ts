import type { Account, Action, DaemonSettings, Place, Service, Value } from '../model/model.ts';
import type { Document, Path } from '../yaml/document.ts';
import { type UsedBearer, type UsedValue } from './value.ts';
export interface Declared {
    kind: 'account' | 'service' | 'action' | 'variable' | 'daemon';
    name: string;
    /** Of both: one in a configuration. */
    id: string;
    place: Place;
}
export interface Definitions {
    document: Document;
    vars: Record<string, Value>;
    /** Those in place are behind the others. */
    accounts: Account[];
    services: Service[];
    actions: Action[];
    daemon: DaemonSettings;
    /** Every name that is written, in order, also of definitions that the schema refused. */
    declared: Declared[];
    /** False when a top-level part could not be read: a name may be meant that is not here. */
    isNamed: boolean;
    /** False when a definition was refused: what it uses is not known. */
    isComplete: boolean;
    /** Every value of the definitions, found once for all rules. */
    values: readonly UsedValue[];
    /** Those of them that are bearers of other accounts. */
    bearers: readonly UsedBearer[];
}
export declare const DEFAULT_SERVICE_TIMEOUT_MS = 30000;
export declare const DEFAULT_PARAMETER_LIMIT = 10000;
/** A name that can be a label of a host and a segment of a path, and is not `.` or `..`. */
export declare const DEFAULT_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]*$";
/** Of paths in a document. */
export interface Refused {
    /** The schema found something wrong at or below it. */
    isRefused(path: Path): boolean;
    /** And it could not be put right, so that rules could look at it. */
    isUnreadable(path: Path): boolean;
}
export declare function readDefinitions(document: Document, refused: Refused): Definitions;
/** Without these, which are somebody else's. */
export declare function withoutDeclared(definitions: Definitions, others: readonly Declared[]): Definitions;
