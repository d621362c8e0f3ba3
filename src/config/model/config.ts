// The checked configuration: a draft that every rule is satisfied with.
import type { Draft } from '../definitions/draft.ts'

export type Config = Pick<
  Draft,
  'vars' | 'accounts' | 'services' | 'actions' | 'daemon' | 'bearers' | 'parameters' | 'scopes' | 'parts' | 'from'
>
