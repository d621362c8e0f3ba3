import type { Plan } from '../compile/plan.ts';
import { type Suspects } from '../config/read.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
export interface ReadPlan {
    /** Undefined with errors. */
    plan?: Plan;
    diagnostics: Diagnostic[];
    /** How many files were read. */
    files: number;
}
export declare class PlanSource {
    #private;
    constructor(directory: string);
    /** Where nothing runs yet, folders may be empty. */
    load(paths: readonly string[], isStart: boolean): Promise<ReadPlan>;
    reload(paths: readonly string[]): Promise<ReadPlan>;
    /** Undefined when the files say what they said when they were read last, whatever came of that. */
    readChanged(paths: readonly string[], suspects: Suspects): Promise<ReadPlan | undefined>;
    /** Whether all of these are files of the configuration. */
    knows(paths: ReadonlySet<string>): boolean;
}
