import type { Log } from '../../base/log.ts';
import type { Secret } from '../../base/secret.ts';
import type { DaemonSettings } from '../../config/model/model.ts';
import type { SecretStore } from '../secret-store.ts';
import type { Fleet } from '../tokens/fleet.ts';
import type { TokenStore } from './token-store.ts';
export interface StateStatus {
    kind: 'memory' | 'dir' | 'postgresql';
    ok: boolean;
    lastError: string | null;
}
export interface State {
    tokens: TokenStore;
    fleet?: Fleet;
    readonly status: StateStatus;
    close(): Promise<void>;
}
/** Rejects with AppError `state_unavailable` for what can never be used, and not when it is away. */
export type OpenShared = (url: Secret, encryptionKey: Secret) => Promise<State>;
export interface StoreChoice {
    /** Where it is kept when the configuration names nothing. */
    stateDirectory?: string | undefined;
    /** For a command: no database, and a folder that cannot be used is only told. */
    shortRun?: boolean;
    secrets: SecretStore;
    openShared: OpenShared;
    log: Log;
}
/** Asked at each activation; chooses at the first: what is kept in one place does not move to another. Rejects with AppError `state_unavailable` or `secret_unavailable`. */
export declare function createStoreChooser(choice: StoreChoice): (settings: DaemonSettings) => Promise<State>;
export declare const memoryState: () => State;
