import { type Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { OpenShared } from './choose-store.ts';
export interface SharedStateParts {
    clock: Clock;
    log: Log;
    random(): number;
    onChange?: ((ok: boolean) => void) | undefined;
}
export declare function createOpenShared({ clock, log, random, onChange }: SharedStateParts): OpenShared;
