import type { SecretReference } from '../../config/model.ts';
export declare function collectReferences(parts: readonly {
    references: readonly SecretReference[];
}[]): SecretReference[];
