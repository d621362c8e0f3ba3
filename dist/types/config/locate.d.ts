import { type Diagnostic, type Severity } from '../diagnostics/diagnostic.ts';
import type { Place } from './model/model.ts';
interface PlacedFinding {
    code: string;
    place: Place;
    part?: 'key' | 'value';
    within?: {
        start: number;
        end: number;
    };
    message: string;
    hint?: string;
    related?: {
        place: Place;
        part?: 'key' | 'value';
        message: string;
    }[];
}
export declare function locateFinding(finding: PlacedFinding, severity: Severity): Diagnostic;
/** Where a value is written, for explanations: its definition, when it came by an alias or a merge key. */
export declare function startOf(place: Place, part?: 'key' | 'value'): {
    file: string;
    line: number;
    column: number;
};
export {};
