import type { Action, Place } from '../model/model.ts';
import type { RawAction } from './raw-action.ts';
export declare function readAction(name: string, raw: RawAction, place: Place): Action;
