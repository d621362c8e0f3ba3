import type { Remember } from '../../base/memory.ts';
import type { Account, Action, DaemonSettings, Service, Variables } from '../model/model.ts';
import { type Scopes } from '../templates/scope.ts';
import { type Declared, type Definitions } from './definitions.ts';
import type { UsedBearer } from './value.ts';
export interface Draft {
    /** Of each document; of two definitions with one name the first counts. */
    parts: readonly Definitions[];
    vars: Variables;
    accountsByKey: ReadonlyMap<string, Account>;
    services: readonly Service[];
    servicesByName: ReadonlyMap<string, Service>;
    actions: readonly Action[];
    daemon: DaemonSettings;
    declared: readonly Declared[];
    /** The `id` of each of them. */
    ids: ReadonlySet<string>;
    /** False when a file, or a top-level part of one, could not be read: a name may be meant that is not here. */
    allNamed: boolean;
    /** False when a file could not be read or a definition was refused: what it uses is not known. */
    complete: boolean;
    /** Values that are bearers of other accounts. */
    bearers: readonly UsedBearer[];
    /** What each value may name. */
    scopes: Scopes;
}
export declare function buildDraft(written: readonly Definitions[], allRead: boolean, remember: Remember): Draft;
/** The names that a reference may mean. One in capitals is told where it is defined, not where it is used. */
export declare function namesOf(draft: Draft, kind: Declared['kind']): Set<string>;
