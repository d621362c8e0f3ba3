import type { Account, Action, DaemonSettings, Service, Value } from '../model/model.ts';
import { type Declared, type Definitions } from './definitions.ts';
import type { UsedBearer } from './value.ts';
/** Of two definitions with one name the first counts. */
export interface Part {
    /** One within a configuration. */
    id: string;
    definitions: readonly Definitions[];
    accounts: ReadonlyMap<string, Account>;
    services: ReadonlyMap<string, Service>;
    actions: ReadonlyMap<string, Action>;
    vars: readonly (readonly [name: string, value: Value])[];
    bearers: readonly UsedBearer[];
    /** Every name that is written, in order, also of definitions that the schema refused, and of those that do not count. */
    declared: readonly Declared[];
    /** Parts with the same text have the same names. */
    names: string;
    /** Who uses which account, and with which parameters, by name. */
    uses: string;
    hasParameters: boolean;
    /** Undefined where none is written. */
    daemon: DaemonSettings | undefined;
    /** False when a top-level part could not be read: a name may be meant that is not here. */
    isNamed: boolean;
    /** False when a definition was refused: what it uses is not known. */
    isComplete: boolean;
    /** Names that its definitions use and it does not have. */
    foreign: {
        accounts: readonly string[];
        services: readonly string[];
    };
}
export declare function partOf(id: string, written: readonly Definitions[]): Part;
/** Without these, which are somebody else's. */
export declare function withoutOthers(part: Part, others: readonly Declared[]): Part;
