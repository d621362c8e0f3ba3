import type { Clock } from '../../base/clock.ts';
import type { Secret } from '../../base/secret.ts';
import { type Values } from '../../compile/text.ts';
import type { SecretReference } from '../../config/model/model.ts';
import type { SecretStore } from './secret-store.ts';
/** The values of a pipeline that reads nothing. */
export declare function valuesWithout(clock: Clock): Values;
export declare function readValues(references: readonly SecretReference[], store: SecretStore, clock: Clock): Promise<Values>;
/** A store that remembers, as keyed digests, what it read last: to notice changes without keeping the secrets. */
export interface ObservedStore extends SecretStore {
    /** Whether any of these files, read again now, differs from the last reading. False when nothing was read yet. */
    changed(references: readonly SecretReference[]): Promise<boolean>;
    /** Takes over what another store remembers. */
    adopt(other: ObservedStore): void;
    readonly seen: ReadonlyMap<string, string>;
}
export declare function observeStore(store: SecretStore): ObservedStore;
/** A secret that may change while it is used, and is read again for that. */
export declare function isSecretFile(reference: SecretReference): boolean;
/** Equal for equal texts; says nothing about them to whoever has not the key, by default one that ends with the process. */
export declare function digest(secret: Secret, key?: Uint8Array): string;
