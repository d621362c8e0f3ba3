/** Names whose texts are secrets, wherever a provider puts them. Kept narrow: a text below any other name is no finding. */
export declare function isSecretName(name: string): boolean;
