import type { Caller } from '../config/model/model.ts';
export interface CallerRights {
    name: string;
    service(name: string): boolean;
    action(name: string): boolean;
    /** As they are listed; `*` for all. */
    actions: readonly string[];
    /** Whether it may give this value to a parameter of a service. */
    parameter(name: string, value: string): boolean;
}
export declare function compileRights({ name, services, actions, parameters }: Caller): CallerRights;
