// Seeded sequences of edits over many files: what is found and compiled with a memory of the edit before equals what is found
// and compiled anew. A memory that misses what something depends on gives yesterday's answer here.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Memory, type Remember } from '../../src/base/memory.ts'
import { atOnce } from '../../src/base/steps.ts'
import { compilePlan } from '../../src/compile/compile.ts'
import { explainAction, explainService, renderExplanation } from '../../src/compile/explain/explain.ts'
import type { AccountPlan, Plan } from '../../src/compile/plan.ts'
import { referenceKey } from '../../src/compile/text.ts'
import { checkConfig, checkFiles } from '../../src/config/check.ts'
import { checkFile } from '../../src/config/check-file.ts'
import type { Config } from '../../src/config/model/config.ts'
import type { Source } from '../../src/config/yaml/source.ts'
import type { Checked } from '../../src/diagnostics/diagnostic.ts'
import { pick, random, source } from '../config/support.ts'
import { Running } from './running.ts'

type Next = () => number

// Few names: what is defined twice, missing, renamed or fed in a circle comes of itself.
const NAMES = ['a', 'b', 'c', 'd']
/** The one that has parameters: mostly only the service of this name uses the account of this name. */
const TENANTS = 'd'
const VARIABLES = ['region', 'tenant', 'host']
const FILES = ['00', '10', '20', '30', '40']

type Definition = Record<string, unknown>

interface File {
  vars: Definition
  accounts: Definition
  services: Definition
  actions: Definition
  daemon?: Definition
  /** Comes behind everything. */
  tail: string
}

const chance = (next: Next, probability: number): boolean => next() < probability
const maybe = <T>(next: Next, probability: number, key: string, value: () => T) =>
  chance(next, probability) ? { [key]: value() } : {}

/** Mostly the first ones: what often cannot run says little about what runs. */
function mostly<T>(next: Next, usual: readonly T[], odd: readonly T[]): T {
  return pick(next, chance(next, 0.9) ? usual : odd)
}

function text(next: Next): string {
  const usual = ['plain', '{{vars.region}}', '{{vars.tenant}}-{{vars.host}}', '{{uuid}}']
  return mostly(next, usual, ['{{params.tenant}}', '{{service.name}}', '{{vars.missing}}'])
}

function secret(next: Next): unknown {
  const account = pick(next, NAMES)
  const usual = [{ env: 'SECRET' }, { env: 'OTHER' }, { account }, { file: 'secrets/one' }, 'fake-literal']
  const paths = ['secrets/{{params.tenant}}', 'secrets/{{vars.region}}']
  return mostly<unknown>(next, usual, [...paths.map(file => ({ file })), { account, field: 'host' }])
}

function host(next: Next): string {
  const usual = ['x.example', '{{vars.region}}.x.example', '{{vars.host}}']
  return mostly(next, usual, ['{{params.tenant}}.y.example', '{{token.host}}'])
}

function account(next: Next, name: string): Definition {
  const vars = maybe(next, 0.2, 'vars', () => variables(next))
  if (chance(next, 0.2)) return { authorization: 'header', header: { name: 'X-Key', value: secret(next) }, ...vars }
  if (chance(next, 0.1)) return { authorization: 'basic', username: text(next), password: secret(next), ...vars }
  return {
    accessTokenUri: `https://${host(next)}/token`,
    clientId: name === TENANTS ? pick(next, ['{{params.tenant}}', 'plain']) : text(next),
    clientSecret: secret(next),
    scope: pick(next, ['read', 'read, write', []]),
    ...maybe(next, 0.1, 'timeout', () => pick(next, ['5s', '9s'])),
    ...maybe(next, 0.2, 'inject', () => ({
      in: 'header',
      name: 'X-Token',
      value: pick(next, ['{{bearer}}', 'k={{bearer}}{{vars.tenant}}']),
    })),
    ...maybe(next, 0.3, 'tokenResponse', () => ({ publish: { host: { at: '/host', hosts: ['*.x.example'] } } })),
    ...maybe(next, 0.02, 'misspelt', () => 1),
    ...vars,
  }
}

function variables(next: Next, each = 0.5): Definition {
  const values = ['eu', 'us', 'z.example', { env: 'VALUE' }]
  return Object.fromEntries(VARIABLES.filter(() => chance(next, each)).map(name => [name, pick(next, values)]))
}

function service(next: Next, name: string): Definition {
  const others = NAMES.filter(other => other !== TENANTS)
  const named = name === TENANTS ? TENANTS : mostly(next, others, [TENANTS])
  return {
    account: chance(next, 0.7) ? named : pick(next, [{ authorization: 'none' }, account(next, name)]),
    serverUrl: `https://${host(next)}/v1`,
    ...maybe(next, name === TENANTS ? 0.9 : 0.2, 'parameters', () => ({
      [mostly(next, ['tenant'], ['other'])]: { pattern: '^[a-z]+$' },
    })),
    ...maybe(next, 0.3, 'headers', () => ({
      [mostly(next, ['X-A'], ['Authorization'])]: pick(next, [text(next), secret(next)]),
    })),
    ...maybe(next, 0.1, 'inject', () => ({ in: 'query', name: 'key', value: '{{bearer}}' })),
    ...maybe(next, 0.1, 'listen', () => pick(next, ['127.0.0.1:7201', '127.0.0.1:7202'])),
    ...maybe(next, 0.1, 'sinks', () => [{ file: pick(next, ['one', 'two']) }]),
    ...maybe(next, 0.4, 'vars', () => variables(next)),
    ...maybe(next, 0.03, 'misspelt', () => 1),
  }
}

function action(next: Next): Definition {
  return {
    type: 'sendToConnectedService',
    authenticateWith: pick(next, NAMES),
    path: pick(next, ['/in', '/in/{{input.id}}', '/in/{{vars.region}}']),
    content: { json: { id: '{{input.id}}', region: text(next) } },
    input: { type: 'object', properties: { id: { type: 'string' } } },
  }
}

const MAKERS = { accounts: account, services: service, actions: action }

function daemon(next: Next): Definition {
  return {
    listen: pick(next, ['127.0.0.1:7201', '127.0.0.1:7117']),
    ...maybe(next, 0.5, 'callers', () => ({ one: { token: secret(next), services: [pick(next, NAMES)] } })),
  }
}

function write({ tail, ...parts }: File): string {
  const full = Object.entries(parts).filter(([, part]) => Object.keys(part ?? {}).length > 0)
  return `version: 1\n${full.map(([key, part]) => `${key}: ${JSON.stringify(part)}\n`).join('')}${tail}`
}

const BROKEN = [
  'services: [\n',
  'servces: {}\n',
  '---\nvars: { region: third }\n',
  '# bearerd-ignore oauth/password-grant\nx-a: 1\n',
]

type Section = keyof typeof MAKERS

/** Where a name is defined, so that few are defined twice. */
function homeOf(files: ReadonlyMap<string, File>, section: Section, name: string): File | undefined {
  return [...files.values()].find(file => name in file[section])
}

function edit(files: Map<string, File>, next: Next): string {
  const name = pick(next, FILES)
  const file = files.get(name)
  if (!file) {
    files.set(name, { vars: {}, accounts: {}, services: {}, actions: {}, tail: '' })
    return `add ${name}`
  }
  const section = pick<Section>(next, ['accounts', 'services', 'actions'])
  const one = pick(next, NAMES)
  const home = chance(next, 0.95) ? (homeOf(files, section, one) ?? file) : file
  switch (Math.floor(next() * 24)) {
    case 0:
      files.delete(name)
      return `remove ${name}`
    case 1:
      file.tail = file.tail === '' ? pick(next, BROKEN) : ''
      return `break or repair ${name}`
    case 2:
    case 3:
      file.vars = variables(next, 0.15)
      return `variables of ${name}`
    case 4:
      if (file.daemon) delete file.daemon
      else file.daemon = daemon(next)
      return `daemon of ${name}`
    case 5:
      return rename(file, section, one, pick(next, NAMES))
    case 6:
      return move(files, name, pick(next, FILES))
    case 7:
      delete home[section][one]
      return `remove ${one} of ${section}`
    default: {
      const made = MAKERS[section](next, one)
      const known = home[section][one] as Definition | undefined
      const key = pick(next, Object.keys(made))
      home[section][one] = known && chance(next, 0.8) ? { ...known, [key]: made[key] } : made
      return `write ${one} of ${section}`
    }
  }
}

function rename(file: File, section: Section, from: string, to: string): string {
  const entries = Object.entries(file[section])
  file[section] = Object.fromEntries(entries.map(([key, value]) => [key === from ? to : key, value]))
  return `rename ${from} to ${to} in ${section}`
}

function move(files: Map<string, File>, from: string, to: string): string {
  if (files.has(to)) return 'nothing'
  files.set(to, files.get(from)!)
  files.delete(from)
  return `move ${from} to ${to}`
}

const ACCOUNT = { accessTokenUri: 'https://x.example/token', clientId: 'a', clientSecret: { env: 'A' }, scope: [] }
const SERVICE = { account: { authorization: 'none' }, serverUrl: 'https://x.example' }

/** What nobody defines is defined in the end. */
function complete(files: ReadonlyMap<string, File>): Source[] {
  const written = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  const without = (section: 'vars' | 'accounts' | 'services', names: readonly string[], filler: unknown) => {
    const known = new Set(written.flatMap(([, file]) => Object.keys(file[section])))
    return { [section]: Object.fromEntries(names.filter(name => !known.has(name)).map(name => [name, filler])) }
  }
  const last = {
    version: 1,
    ...without('vars', VARIABLES, 'eu'),
    ...without('accounts', NAMES, ACCOUNT),
    ...without('services', NAMES, SERVICE),
  }
  return [...written.map(([name, file]) => source(write(file), `${name}.yaml`)), source(JSON.stringify(last), 'z.yaml')]
}

function printAccount({ key, fingerprint, tokenIdentity, references, needsValues }: AccountPlan) {
  return {
    key,
    fingerprint,
    tokenIdentity,
    references: references.map(referenceKey),
    needsValues: needsValues ?? false,
  }
}

function specialized({ specialize, services }: Plan, name: string): unknown {
  const { parameters } = services.get(name)!
  if (!parameters) return undefined
  try {
    const { service, accounts } = specialize(
      name,
      Object.fromEntries(parameters.names.map(parameter => [parameter, 'acme'])),
    )
    return [service.fingerprint, service.account, accounts.map(printAccount)]
  } catch (error) {
    return String(error)
  }
}

interface Reading {
  check(sources: readonly Source[]): Checked<Config>
  compile(config: Config): Plan
}

/** All files together, and nothing is known of the time before. */
const anew: Reading = { check: sources => checkConfig(sources), compile: config => compilePlan(config) }

/** Each file is a part of its own: most edits are seen by others only through what is remembered of them. */
function again(): Reading {
  const [files, checks, compiled] = [new Memory(), new Memory(), new Memory()]
  const read = (one: Source, remember: Remember) => ({
    id: one.path,
    files: remember('file', one.path, [one.text], () => [checkFile(one, () => {})]),
  })
  return {
    check(sources) {
      const groups = files.run(remember => sources.map(one => read(one, remember)))
      return checks.run(remember => atOnce(checkFiles(groups, remember, [])))
    },
    compile: config => compiled.run(remember => compilePlan(config, remember)),
  }
}

/** Everything that can be seen of a configuration, or of what is wrong with it. */
function seen(sources: readonly Source[], { check, compile }: Reading): { plan?: Plan; parts: unknown } {
  const checked = check(sources)
  if (!checked.ok) return { parts: checked.diagnostics }
  const plan = compile(checked.value)
  return {
    plan,
    parts: {
      diagnostics: checked.diagnostics,
      accounts: [...plan.accounts.values()].map(printAccount),
      services: [...plan.services.values()].map(({ name, fingerprint, references, listen }) => [
        name,
        fingerprint,
        references.map(referenceKey),
        listen,
        specialized(plan, name),
        renderExplanation(explainService(checked.value, plan, name)!),
      ]),
      actions: [...plan.actions.values()].map(({ name, fingerprint, references }) => [
        name,
        fingerprint,
        references.map(referenceKey),
        renderExplanation(explainAction(checked.value, name)!),
      ]),
      daemon: JSON.stringify(plan.daemon, (key, value) => (key === 'place' ? undefined : value)),
      secretFiles: plan.secretFiles,
    },
  }
}

/** FUZZ_SEEDS=200 for a longer run. */
const SEEDS = Number(process.env.FUZZ_SEEDS ?? 8)

test('after every edit the same diagnostics and the same plan as without a memory, and its generation runs on', () => {
  let [running, refused] = [0, 0]
  for (let seed = 1; seed <= SEEDS; seed++) {
    const next = random(seed)
    let files = new Map<string, File>()
    let good = files
    const remembering = again()
    const generations = new Running()
    const trail: string[] = []
    for (let step = 0; step < 80; step++) {
      // As people do: most mistakes are taken back.
      const undo = files !== good && chance(next, 0.5)
      files = structuredClone(undo ? good : files)
      trail.push(undo ? 'undo' : edit(files, next))
      const sources = complete(files)
      const fresh = seen(sources, anew)
      const { plan, parts } = seen(sources, remembering)
      const edits = `seed ${seed}: ${trail.slice(-5).join(', ')}`
      assert.equal(parts, fresh.parts, edits)
      assert.is(plan === undefined, fresh.plan === undefined)
      if (plan) generations.run(plan)
      if (plan) good = files
      if (plan) running++
      else refused++
    }
  }
  assert.ok(running > SEEDS * 40 && refused > SEEDS * 15, `${running} could run, ${refused} could not`)
})

test.run()
