import type { AllowRule } from '../config/model/model.ts';
/** `path` is what follows the server URL, without a query and without dot segments. */
export type Allow = (method: string, path: string) => boolean;
export declare function compileAllow({ methods, paths }: AllowRule): Allow;
/** For explanations. */
export declare function allowWords({ methods, paths }: AllowRule): string;
