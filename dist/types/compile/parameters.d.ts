import { AppError } from '../base/error.ts';
import type { Service } from '../config/model/model.ts';
import type { Params } from '../config/templates/scope.ts';
import type { ParametersPlan, SpecializedService } from './plan.ts';
export declare function compileParameters(service: Service, specialize: (values: Params) => SpecializedService): ParametersPlan;
/** A name from a caller is told only where it can be one. */
export declare function unknownParameter(service: string, name: string, known: Iterable<string>): AppError;
