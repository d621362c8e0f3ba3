import { type KyInstance } from 'ky';
import type { LiveService } from './generation/live-service.ts';
import { type RepeatEffects } from './repeats.ts';
/** `service` gives the live one of the running generation, so that the client outlives reloads. */
export declare function createClient(service: () => LiveService, effects: RepeatEffects): KyInstance;
