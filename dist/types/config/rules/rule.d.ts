import type { Severity } from '../../diagnostics/diagnostic.ts';
import type { Draft } from '../definitions/draft.ts';
import type { Place } from '../model/model.ts';
export interface Finding {
    place: Place;
    /** Default `value`. */
    part?: 'key' | 'value';
    /** Offsets in the scalar's text, when only a part of it is meant. */
    within?: {
        start: number;
        end: number;
    };
    message: string;
    hint?: string;
    /** Default: the rule's own. */
    severity?: Severity;
    code?: string;
    related?: {
        place: Place;
        part?: 'key' | 'value';
        message: string;
    }[];
}
export interface Rule {
    /** The codes it reports; the first one is the default. */
    codes: readonly [string, ...string[]];
    severity: Severity;
    check(draft: Draft, report: (finding: Finding) => void): void;
}
