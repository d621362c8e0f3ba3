import type { DaemonSettings, Place } from './model.ts';
import type { RawDaemon } from './raw.ts';
export declare function readDaemon(raw: RawDaemon, place: Place): DaemonSettings;
