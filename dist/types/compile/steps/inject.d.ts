import type { InjectRule } from '../../config/model/model.ts';
import type { Inject } from '../plan.ts';
import type { TextPlan } from '../text.ts';
export type Credential = {
    kind: 'none';
} | {
    kind: 'bearer';
    account: string;
    proves: boolean;
    rule: Omit<InjectRule, 'value' | 'place'>;
    text: TextPlan;
} | {
    kind: 'basic';
    username: TextPlan;
    password: TextPlan;
} | {
    kind: 'header' | 'query';
    values: readonly {
        name: string;
        text: TextPlan;
    }[];
};
export interface InjectStep {
    inject: Inject;
    removes: {
        headers: ReadonlySet<string>;
        query: ReadonlySet<string>;
    };
}
export declare function compileInject(credential: Credential, constant: readonly {
    name: string;
    text: TextPlan;
}[]): InjectStep;
