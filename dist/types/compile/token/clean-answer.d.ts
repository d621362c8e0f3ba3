import type { TokenResponse } from '../plan.ts';
export type Clean = (text: string, maxLength?: number) => string;
export declare function cleanerOf({ secrets, members, token }: TokenResponse): Clean;
