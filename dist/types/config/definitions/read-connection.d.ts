import type { ConnectionSettings, Place } from '../model/model.ts';
import type { RawConnection } from './raw.ts';
export declare function readConnection({ tls, proxy }: RawConnection, place: Place): ConnectionSettings;
