import type { SecretReference } from '../../config/model/model.ts';
export declare function collectReferences(parts: readonly {
    references: readonly SecretReference[];
}[]): SecretReference[];
