import type { Draft } from '../definitions/draft.ts';
export type Config = Pick<Draft, 'vars' | 'accounts' | 'services' | 'actions' | 'daemon' | 'bearers' | 'parameters' | 'scopes' | 'parts' | 'from'>;
