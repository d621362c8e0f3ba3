// An action as a list of facts that can be compared: what is sent where, and how it is tried again. No secret is said.
import { formatSize } from '../../base/size.ts'
import type { Action, Place, Retry } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { compileText } from '../text.ts'
import { contentValues, describeContent, describeRetry } from './explain-action.ts'
import { isWritten, writtenAt } from './explained-step.ts'
import { type Fact, flagFact, headerFact, optionalFact, plainFact, valueFact } from './facts.ts'

export function actionFacts(action: Action, scope: Scope): Fact[] {
  const { place, target, headers, outputFileName, idempotencyKey, input, successStatus, keepResponseBytes } = action
  const word = (field: string, text: string): Fact => plainFact(field, text, isWritten(place, field))
  return [
    word('type', action.type),
    ...optionalFact('title', action.title, place),
    ...optionalFact('authenticateWith', action.service, place),
    valueFact(target.kind, target.value, scope, target.kind === 'url' ? 'uri' : 'text'),
    word('method', action.method),
    ...headers.map(header => headerFact(header, scope)),
    contentFact(action, scope),
    word('files', action.files),
    ...(outputFileName ? [valueFact('outputFileName', outputFileName, scope, 'text')] : []),
    ...(idempotencyKey ? [valueFact('idempotencyKey', idempotencyKey, scope, 'text')] : []),
    ...(input ? [{ field: 'input', shown: 'JSON Schema', identity: JSON.stringify(input) }] : []),
    ...optionalFact('successStatus', successStatus?.join(', '), place),
    retryFact(action.retry, place),
    ...flagFact('ordered', action.ordered, place),
    ...optionalFact(
      'keepResponse',
      keepResponseBytes === undefined ? undefined : `up to ${formatSize(keepResponseBytes)}`,
      place,
    ),
  ]
}

/** As it is written, and what its texts mean: a variable may have changed. */
function contentFact(action: Action, scope: Scope): Fact {
  const meant = contentValues(action).map(value => compileText(value, scope).identity)
  const identity = JSON.stringify([writtenAt(action.place, 'content'), meant])
  return { field: 'content', shown: describeContent(action.content, scope), identity }
}

function retryFact(retry: Retry, place: Place): Fact {
  return plainFact('retry', describeRetry(retry), isWritten(place, 'retry'))
}
