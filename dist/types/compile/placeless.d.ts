import type { Remember } from '../base/memory.ts';
import type { Config } from '../config/model/config.ts';
export type PlacelessConfig = Pick<Config, 'vars' | 'accounts' | 'services' | 'actions' | 'scopes'>;
/** Definitions that stay stay the very same here too. */
export declare function withoutPlaces({ bearers, ...config }: Config, remember: Remember): PlacelessConfig;
export declare function mapValues<K, V, R>(map: ReadonlyMap<K, V>, change: (value: V) => R): Map<K, R>;
