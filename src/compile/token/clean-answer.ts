// What may be told of a token response: cut, and without the secrets of request and answer, which servers echo anywhere.
import { cleanForeignText, Secret } from '../../base/secret.ts'
import type { TokenResponse } from '../plan.ts'

export type Clean = (text: string, maxLength?: number) => string

export function cleanerOf({ secrets = [], members, token }: TokenResponse): Clean {
  const issued = [token, members.access_token, members.id_token, members.refresh_token]
  const known = [...secrets, ...issued.flatMap(value => (typeof value === 'string' ? new Secret(value) : []))]
  return (text, maxLength) => cleanForeignText(text, known, maxLength)
}
