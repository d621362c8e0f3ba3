import type { Account, Action, DaemonSettings, Place, Service, Value } from '../model/model.ts';
import { type Scopes } from '../templates/scope.ts';
import type { Document, Path } from '../yaml/document.ts';
import { type UsedValue } from './value.ts';
export interface Declared {
    kind: 'account' | 'service' | 'action' | 'variable' | 'daemon';
    name: string;
    place: Place;
}
export interface Draft {
    documents: readonly Document[];
    vars: Record<string, Value>;
    accounts: Account[];
    services: Service[];
    actions: Action[];
    daemon: DaemonSettings;
    /** Every name that is written, in order, also of definitions that the schema refused. */
    declared: Declared[];
    names: Set<string>;
    /** False when a file, or a top-level part of one, could not be read: a name may be meant that is not here. */
    allNamed: boolean;
    /** False also when a definition was refused: what it uses is not known. */
    complete: boolean;
    /** Every value of the definitions, and what each of them may name: found once, for all rules. */
    values: readonly UsedValue[];
    scopes: Scopes;
}
export declare const DEFAULT_SERVICE_TIMEOUT_MS = 30000;
export declare const DEFAULT_PARAMETER_LIMIT = 10000;
/** A name that can be a label of a host and a segment of a path, and is not `.` or `..`. */
export declare const DEFAULT_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]*$";
/** `refused` says whether the schema found something wrong at or below a path of a document. */
export declare function buildDraft(documents: readonly Document[], refused: (document: Document, path: Path) => boolean, allRead: boolean): Draft;
/** The names that a reference may mean. One in capitals is told where it is defined, not where it is used. */
export declare function namesOf(draft: Draft, kind: Declared['kind']): Set<string>;
