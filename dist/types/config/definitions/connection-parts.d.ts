import type { ConnectionSettings, Value } from '../model/model.ts';
export interface ConnectionPart {
    key: string;
    value: Value;
    use: 'text' | 'secret';
}
export declare function connectionParts({ caFile, certFile, keyFile, proxy }: ConnectionSettings): ConnectionPart[];
