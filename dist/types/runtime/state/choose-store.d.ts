import type { Log } from '../../base/log.ts';
import type { Secret } from '../../base/secret.ts';
import type { DaemonSettings } from '../../config/model/model.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { Fleet } from '../tokens/fleet.ts';
import type { Database, OnDatabaseChange, Words } from './database.ts';
import type { PostgresUse } from './postgres.ts';
import type { Sealing } from './sealing.ts';
import type { TokenStore } from './token-store.ts';
export interface StateStatus {
    kind: 'memory' | 'dir' | 'postgresql';
    ok: boolean;
    lastError: string | null;
}
/** The database of `daemon.state.url`, for what else replicas share there. */
export interface SharedState {
    /** With connections of its own; whoever asks closes them. */
    connect(use: PostgresUse, words: Words, onChange: OnDatabaseChange): Promise<Database>;
    sealing: Sealing;
}
export interface State {
    tokens: TokenStore;
    fleet?: Fleet;
    /** For servers built on the executor. */
    shared?: SharedState;
    readonly status: StateStatus;
    close(): Promise<void>;
}
/** Rejects with AppError `state_unavailable` for what can never be used, and not when it is away. */
export type OpenShared = (url: Secret, encryptionKeys: readonly Secret[]) => Promise<State>;
export interface StoreChoice {
    /** Where it is kept when the configuration names nothing. */
    stateDirectory?: string | undefined;
    /** For a command: no database, and a folder that cannot be used is only told. */
    shortRun?: boolean;
    /** Gets what tells that another process uses the folder too; default told at once. */
    onFolderShared?(tell: () => void): void;
    /** `daemon.state` names another place than at the start; default told in the log. */
    onStateMoved?(): void;
    secrets: SecretStore;
    openShared: OpenShared;
    log: Log;
}
/** Asked at each activation; chooses at the first: what is kept in one place does not move to another. Rejects with AppError `state_unavailable` or `secret_unavailable`. */
export declare function createStoreChooser(choice: StoreChoice): (settings: DaemonSettings) => Promise<State>;
export declare const memoryState: () => State;
