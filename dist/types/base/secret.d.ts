/** Holds one secret text. Only `reveal()` gives it back; its callers are listed in test/architecture.test.ts. */
export declare class Secret {
    #private;
    constructor(text: string);
    reveal(): string;
    toString(): string;
    toJSON(): string;
}
/**
 * Cleans a text that came from outside: printable ASCII only, every form of the given secrets replaced, at most
 * `maxLength` characters (RFC 6749 section 5.2 texts are untrusted; servers echo credentials).
 */
export declare function cleanForeignText(text: string, secrets: readonly Secret[], maxLength?: number): string;
/** Without the blanks around it. */
export declare function trimSecret(secret: Secret): Secret;
/** The text at a JSON pointer (RFC 6901) of a secret that is JSON; undefined when there is none. */
export declare function jsonMember(secret: Secret, pointer: string): Secret | undefined;
