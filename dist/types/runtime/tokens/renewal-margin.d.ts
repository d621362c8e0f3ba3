/** Milliseconds before the end of a life at which it is renewed: a fifth of it, or less where somebody says so, but never more than all but one second. */
export declare function renewalMargin(lifeMs: number, refreshBeforeMs?: number): number;
