import { AppError } from '../base/error.ts';
import type { Service } from '../config/model/model.ts';
import type { ParametersPlan } from './plan.ts';
export declare function compileParameters({ name: service, parameters, parameterLimit }: Service): ParametersPlan;
/** A name from a caller is told only where it can be one. */
export declare function unknownParameter(service: string, name: string, known: Iterable<string>): AppError;
