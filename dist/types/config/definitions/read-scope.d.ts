import type { OAuth2, Place } from '../model/model.ts';
/** A text is split at commas and blanks, order and case kept; a list is taken literally. */
export declare function readScope(raw: string | string[], place: Place): Pick<OAuth2, 'scope' | 'scopeTemplates'>;
/** Whether a value stays within one scope: characters of a scope token, and nothing that separates it from the next one. */
export declare function fitsInScope(text: string, separator: string): boolean;
