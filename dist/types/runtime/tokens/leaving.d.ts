import { type Generation } from '../generation/generation.ts';
import type { AccountEffects, LiveAccount } from '../generation/live-account.ts';
export interface Leaving {
    /** To be told before the old generation forgets what it holds. */
    replaced(old: Generation | undefined, next: Generation): void;
    /** Values that `parameterLimit` let go; to be told before their token is forgotten. */
    left(account: LiveAccount): void;
    /** What waits is revoked at once, and what `on_shutdown` asks for. Resolves within three seconds. */
    ended(last: Generation | undefined): Promise<void>;
}
export declare function createLeaving(effects: AccountEffects): Leaving;
