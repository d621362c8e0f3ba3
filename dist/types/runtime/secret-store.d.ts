import { Secret } from '../base/secret.ts';
import type { SecretReference } from '../config/model.ts';
export interface SecretStore {
    /** Rejects with AppError `secret_unavailable`, which names the reference and never its content. */
    read(reference: SecretReference): Promise<Secret>;
}
export interface SecretStoreOptions {
    environment?: NodeJS.ProcessEnv;
    /** The current bearer of an oauth2 account. */
    accountBearer(account: string): Promise<Secret>;
}
export declare function createSecretStore(options: SecretStoreOptions): SecretStore;
