import type { DaemonSettings, Limits, Place } from '../model/model.ts';
import type { RawDaemon } from './raw.ts';
export declare function readDaemon(raw: RawDaemon, place: Place): DaemonSettings;
export declare const DEFAULT_LIMITS: Limits;
