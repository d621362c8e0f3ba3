import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { LiveService } from './generation/live-service.ts';
export interface SinkEffects {
    clock: Clock;
    log: Log;
    random(): number;
    onSinkWrite?(service: string, outcome: 'success' | 'failure'): void;
}
/** Keeps the files of the services of the running generation, and is told when that is another one. */
export declare class Sinks {
    #private;
    constructor(effects: SinkEffects);
    /** These services, which have some, from now on, and no others. Their tokens are kept from now on whether anybody uses them or not. */
    keep(services: readonly LiveService[]): void;
    stop(): void;
    /** Resolves when what is being written is written. */
    settled(): Promise<void>;
}
