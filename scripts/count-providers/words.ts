// Which words of a definition an entry needs: counted over all entries, one for each.
import { parse } from 'yaml'

type Json = Record<string, unknown>

/** How many definitions use each word; those that need none are `five keys`. */
export function countWords(definitions: readonly string[]): [word: string, count: number][] {
  const counts = new Map<string, number>()
  for (const text of definitions)
    for (const word of wordsOf(parse(text) as Json)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}

/** What each step of words adds; an entry belongs to the last one that it needs. */
const STEPS: [name: string, words: RegExp][] = [
  ['the standard alone', /^(?:the five keys|clientAuthMethod: client_secret_post|grant: (?:password|refresh_token))$/],
  ['a shaped token request', /^(?:tokenRequest\..*|basicEncoding: raw|grant: custom|services\.headers)$/],
  ['assertions and certificates', /^(?:clientAuthMethod: private_key_jwt|grant: jwt_bearer|tls)$/],
  ['mapped answers', /^(?:tokenResponse\..*|lifetime\..*|\{\{token\.NAME\}\} in serverUrl)$/],
  ['an injection of its own', /^(?:inject|authorization: header)$/],
  ['login endpoints, and refreshes of their own', /^(?:grant: login|refresh\..*|clientAuthMethod: none)$/],
  ['one account fed by another', /^\{ account: NAME \}$/],
]

/** How many definitions can be written with the words of each step and those before it. */
export function countSteps(definitions: readonly string[]): [step: string, count: number][] {
  const needed = definitions.map(text =>
    Math.max(...[...wordsOf(parse(text) as Json)].map(word => STEPS.findIndex(([, words]) => words.test(word)))),
  )
  return STEPS.map(([name], index) => [name, needed.filter(step => step <= index).length])
}

function wordsOf({ accounts, services, vars }: Json): Set<string> {
  const words = new Set<string>()
  for (const account of Object.values(accounts as Json))
    for (const word of accountWords(account as Json)) words.add(word)
  const { svc } = services as Record<string, Json>
  for (const key of ['headers', 'inject']) if (svc![key]) words.add(key === 'inject' ? 'inject' : 'services.headers')
  if (/\{\{token\./.test(String(svc!.serverUrl))) words.add('{{token.NAME}} in serverUrl')
  if (/"account":"step/.test(JSON.stringify(vars ?? {}))) words.add('{ account: NAME }')
  if (words.size === 0) words.add('the five keys')
  return words
}

function accountWords(account: Json): string[] {
  const { clientAuthMethod, grant, basicEncoding, authorization } = account
  const named = { clientAuthMethod, grant, basicEncoding, authorization }
  const choices = Object.entries(named).flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []))
  const nested = ['tokenRequest', 'tokenResponse', 'lifetime', 'refresh'].flatMap(group =>
    groupWords(group, account[group] as Json | undefined),
  )
  return [...choices, ...nested, ...(account.tls ? ['tls'] : [])]
}

function groupWords(group: string, keys: Json = {}): string[] {
  return Object.entries(keys).map(([name, value]) =>
    ['format', 'method'].includes(name) ? `${group}.${name}: ${value}` : `${group}.${name}`,
  )
}
