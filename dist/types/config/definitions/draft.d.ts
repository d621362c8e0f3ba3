import { Grouped } from '../../base/grouped.ts';
import type { Remember } from '../../base/memory.ts';
import type { Account, Action, DaemonSettings, Service, Variables } from '../model/model.ts';
import { type ParameterNames } from '../templates/parameter-names.ts';
import { type Scopes } from '../templates/scope.ts';
import type { Declared } from './definitions.ts';
import { type Part } from './part.ts';
import type { UsedBearer } from './value.ts';
export interface Draft {
    parts: readonly Part[];
    vars: Variables;
    accounts: Grouped<Account>;
    services: Grouped<Service>;
    actions: Grouped<Action>;
    daemon: DaemonSettings;
    /** Of every name that is written. */
    ids: ReadonlySet<string>;
    /** Some name is written twice. */
    hasTwice: boolean;
    /** False when a file, or a top-level part of one, could not be read: a name may be meant that is not here. */
    allNamed: boolean;
    /** False when a file could not be read or a definition was refused: what it uses is not known. */
    complete: boolean;
    /** Values that are bearers of other accounts. */
    bearers: readonly UsedBearer[];
    parameters: ParameterNames;
    /** What each value may name. */
    scopes: Scopes;
    /**
     * Everything that the definitions of each part depend on: from the very same things, the same is found and made. What is
     * compiled of them depends on the compiled accounts besides, and on those that feed them.
     */
    from: readonly (readonly unknown[])[];
}
export declare function buildDraft(written: readonly Part[], allRead: boolean, remember: Remember): Draft;
/** The names that a reference may mean. One in capitals is told where it is defined, not where it is used. */
export declare function namesOf(draft: Draft, kind: Declared['kind']): Set<string>;
/** Every name that is written, in order. */
export declare function declaredIn({ parts }: Draft): Declared[];
