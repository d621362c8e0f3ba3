import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Plan } from '../compile/plan.ts';
import type { Params } from '../config/templates/scope.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { AuthorizedRequest } from './authorization.ts';
import type { Trace } from './pipeline-trace.ts';
import type { SecretInUse } from './tokens/client-secrets.ts';
/** With an error among the diagnostics nothing was changed; otherwise `commit` is called. */
export interface Preparation {
    diagnostics: Diagnostic[];
    commit(): void;
}
export interface ExecutorOptions {
    log?: Log;
    clock?: Clock;
    random?(): number;
    /** Where relative paths start; default the working directory. */
    directory?: string;
    environment?: NodeJS.ProcessEnv;
    /** For a command: nothing is fetched before it is asked for, no database is used, and a state folder that cannot be used is only told. */
    shortRun?: boolean;
    /** Where refresh tokens are kept when the configuration names no folder; default nowhere. */
    stateDirectory?: string;
    /** Gets what tells that another process uses the state folder too; default told at once. */
    onFolderShared?(tell: () => void): void;
    /** `daemon.state` names another place than at the start; default told in the log. */
    onStateMoved?(): void;
    onTokenRequest?(account: string, outcome: 'success' | 'failure', durationMs: number): void;
    onExpiry?(account: string, expiresAtMs: number | null): void;
    /** Of an account with several client secrets, after each fetch. */
    onClientSecret?(account: string, inUse: SecretInUse): void;
    /** Told of each step of a pipeline that fetches a token; never with a secret. */
    trace?: Trace;
    onSinkWrite?(service: string, outcome: 'success' | 'failure'): void;
    /** Asked before a plan counts: what it needs besides, or why it cannot run. */
    prepare?(plan: Plan): Promise<Preparation>;
    /** The database of `daemon.state.url` can be used, or not any more. */
    onStateChange?(ok: boolean): void;
    onReload?(ok: boolean, generation: number, atMs: number): void;
    /** While watching: secret files, and those of `daemon.tls`, may have changed. */
    onFilesChecked?(): void;
}
export interface AuthorizeOptions {
    minTtlMs?: number;
    params?: Params;
    /** Needed for an account with DPoP, whose proof is for one request. */
    request?: AuthorizedRequest;
}
