import type { Remember } from '../base/memory.ts';
import type { Config } from '../config/model/config.ts';
import type { Account, Service } from '../config/model/model.ts';
import { type Scopes } from '../config/templates/scope.ts';
export interface PlacelessConfig {
    /** A definition, of which there is one copy. */
    copy<T extends object>(definition: T): T;
    account(key: string): Account | undefined;
    service(name: string): Service | undefined;
    scopes: Scopes;
}
/** Copies what is asked for: most definitions are those of the plan before. */
export declare function withoutPlaces(written: Config, remember: Remember): PlacelessConfig;
