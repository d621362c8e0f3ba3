/** Milliseconds before the end of a life at which it is renewed: a fifth of it, but never more than all but one second. */
export declare function renewalMargin(lifeMs: number): number;
