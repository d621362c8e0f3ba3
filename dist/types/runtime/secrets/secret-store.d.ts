import { Secret } from '../../base/secret.ts';
import type { SecretReference } from '../../config/model/model.ts';
export interface SecretStore {
    /** Rejects with AppError `secret_unavailable`, which names the reference and never its content. */
    read(reference: SecretReference): Promise<Secret>;
}
export interface SecretStoreOptions {
    environment?: NodeJS.ProcessEnv;
    /** What an account gives to one that it feeds. */
    accountBearer(reference: SecretReference & {
        kind: 'account';
    }): Promise<Secret>;
    /** A secret's file that more people can read than its owner; told once for each path. */
    onSharedFile?(path: string): void;
}
export declare function createSecretStore(options: SecretStoreOptions): SecretStore;
