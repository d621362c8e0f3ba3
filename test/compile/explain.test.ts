// Explanations beyond the goldens of the text: takes and gives, feeding accounts, places, Mermaid, and what is never shown.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type ExplainedStep,
  type Explanation,
  explainService,
  renderExplanation,
  renderExplanationMermaid,
} from '../../src/compile/explain/explain.ts'
import { compareGolden } from '../support/golden.ts'
import { ACCOUNT, compileYaml } from './compiled.ts'

const EXAMPLE = join(import.meta.dirname, '../../services.example.yaml')

function explain(definition: Record<string, unknown>, name: string, path?: string): Explanation {
  const { config, plan } = compileYaml(JSON.stringify({ version: 1, ...definition }), path)
  return explainService(config, plan, name)!
}

function textsOf(steps: readonly ExplainedStep[]): string[] {
  return steps.map(({ step, text }) => `${step}: ${text}`)
}

const FED = {
  accounts: {
    broker: { ...ACCOUNT, clientId: 'broker-job' },
    partner: { ...ACCOUNT, clientSecret: { account: 'broker' } },
    last: { ...ACCOUNT, clientSecret: { account: 'partner' } },
  },
  services: {
    s: { account: 'last', serverUrl: 'https://api.example', headers: { 'X-Gateway': { account: 'broker' } } },
  },
}

for (const [name, golden] of [
  ['contacts', 'contacts'],
  ['partner-orders', 'feeding'],
  ['weather', 'in-place'],
] as const) {
  test(`explain as Mermaid: ${name}`, () => {
    const { config, plan } = compileYaml(readFileSync(EXAMPLE, 'utf8'))
    const places = renderExplanationMermaid(explainService(config, plan, name)!).replace(/(services\.yaml:)\d+/g, '$1N')
    compareGolden(`explain/mermaid/${golden}.mmd`, places)
  })
}

test('a feeding account is explained as a pipeline of its own, once', () => {
  const { steps } = explain(FED, 's')
  const [secret, header] = steps
  assert.is(secret!.text, 'clientSecret from bearer of account partner')
  const partner = secret!.account!
  assert.is(partner.name, 'partner')
  assert.is(partner.steps.at(-1)!.step, 'pick-bearer')
  const broker = partner.steps[0]!.account!
  assert.is(broker.name, 'broker')
  assert.ok(textsOf(broker.steps).includes('request-token: clientId broker-job'))
  assert.is(header!.text, 'header X-Gateway from bearer of account broker')
  assert.is(header!.account, undefined, 'it was told above')
})

test('feeding pipelines stand below the step that takes their bearer', () => {
  const text = renderExplanation(explain(FED, 's'))
  assert.match(
    text,
    /\n {4}clientSecret from bearer of account partner .*\n {6}account partner .*\n {8}resolve-secrets/,
  )
  assert.match(
    text,
    /\n {10}clientSecret from bearer of account broker .*\n {12}account broker .*\n {14}resolve-secrets/,
  )
})

/** From the configuration or from nowhere, not from a step before. */
function isOutside(name: string): boolean {
  return /^(?:vars|service|account)\.|^(?:uuid|now)$|^(?:env|file|exec|systemd) |^\S+ of account |literal/.test(name)
}

function assertChain(steps: readonly ExplainedStep[]): void {
  const given = new Set(steps.flatMap(({ gives }) => gives))
  for (const { takes, text, account } of steps) {
    for (const name of takes) assert.ok(given.has(name) || isOutside(name), `${text} takes ${name}, which nobody gives`)
    if (account) assertChain(account.steps)
  }
}

test('what a step takes, another one gives', () => {
  const { config, plan } = compileYaml(readFileSync(EXAMPLE, 'utf8'))
  for (const name of plan.services.keys()) assertChain(explainService(config, plan, name)!.steps)
  assertChain(explain(FED, 's').steps)
})

test('takes and gives of a pipeline with a user and templates', () => {
  const account = {
    ...ACCOUNT,
    accessTokenUri: 'https://{{vars.region}}.example/token',
    clientId: '{{vars.client}}',
    grant: 'password',
    username: 'robot',
    password: { env: 'P' },
  }
  const vars = { region: 'eu', client: { env: 'CLIENT' } }
  const { steps } = explain({ vars, services: { s: { account, serverUrl: 'https://api.example' } } }, 's')
  assert.equal(
    steps.map(({ text, takes, gives }) => [text, takes.join(), gives.join()]),
    [
      ['vars.client from env CLIENT', 'env CLIENT', 'vars.client'],
      ['clientSecret from env SECRET', 'env SECRET', 'clientSecret'],
      ['password from env P', 'env P', 'password'],
      ['token endpoint https://eu.example/token', 'vars.region', 'token endpoint'],
      ['grant password', 'token endpoint,clientId,clientSecret,username,password,scope', 'token response'],
      ['clientId {{vars.client}}', 'vars.client', 'clientId'],
      ['username robot', '', 'username'],
      ['client authentication client_secret_basic, form encoding', 'clientId,clientSecret', ''],
      ['scope read', '', 'scope'],
      ['renewed by refresh token', '', ''],
      ['time limit 10s', '', ''],
      ['access_token of the response', 'token response', 'bearer'],
      ['header Authorization: Bearer [secret]', 'bearer', 'header Authorization'],
      ['server URL https://api.example', 'header Authorization', 'request'],
      ['time limit 30s', '', ''],
    ],
  )
})

test('a secret behind a variable is read once, however often it is used', () => {
  const vars = { key: { env: 'KEY' } }
  const account = { authorization: 'header', header: { name: 'X-A', value: '{{vars.key}}-{{vars.key}}' } }
  const service = { account, serverUrl: 'https://api.example', headers: { 'X-B': '{{vars.key}}' } }
  const { steps } = explain({ vars, services: { s: service } }, 's')
  assert.equal(textsOf(steps.filter(({ step }) => step === 'resolve-secrets')), [
    'resolve-secrets: vars.key from env KEY',
  ])
})

test('secret files are told from the working directory, where that is shorter', () => {
  const shown = (file: string, path?: string) => {
    const account = { authorization: 'header', header: { name: 'X-A', value: { file } } }
    return explain({ services: { s: { account, serverUrl: 'https://api.example' } } }, 's', path).steps[0]!.text
  }
  assert.is(shown('secrets/a'), 'header X-A from file secrets/a')
  assert.is(shown('../secrets/a'), 'header X-A from file /secrets/a')
  assert.is(shown('/run/secrets/a'), 'header X-A from file /run/secrets/a')
  assert.is(shown('/config/a'), 'header X-A from file a')
})

test('keys that are not written are defaults, and all others have their place', () => {
  const { steps, from, accountFrom } = explain(FED, 's')
  assert.equal([typeof from, typeof accountFrom], ['object', 'object'])
  const defaults = steps.filter(step => step.from === 'default').map(({ text }) => text)
  assert.equal(defaults, [
    'grant client_credentials',
    'client authentication client_secret_basic, form encoding',
    'time limit 10s',
    'access_token of the response',
    'header Authorization: Bearer [secret]',
    'time limit 30s',
  ])
})

const LITERALS = {
  vars: { 'api-token': 'fake-literal-1' },
  services: {
    s: {
      account: {
        authorization: 'header',
        header: [
          { name: 'X-A', value: 'fake-literal-2' },
          { name: 'X-B', value: '{{vars.api-token}}' },
        ],
      },
      serverUrl: 'https://api.example/{{vars.api-token}}',
      headers: { 'X-Api-Key': 'fake-literal-3', 'X-Trace': 'on {{vars.api-token}}', Cookie: 'fake-literal-4' },
    },
  },
}

test('what is or may be a secret is not shown', () => {
  const explanation = explain(LITERALS, 's')
  const all = [
    JSON.stringify(explanation),
    renderExplanation(explanation),
    renderExplanationMermaid(explanation),
  ].join()
  assert.not.match(all, /fake-literal/)
  assert.match(all, 'https://api.example/{{vars.api-token}}')
})

const HOSTILE = '"]; end %%{init: {}}%% <b>&amp; #35; $$x$$ `a` - | {x} \u001b[2J\u202e\n'

test('Mermaid: no text is markup, a directive or the end of its label', () => {
  const explanation = explain(
    { services: { end: { title: HOSTILE, account: { authorization: 'none' }, serverUrl: 'https://api.example' } } },
    'end',
  )
  const text = renderExplanationMermaid(explanation)
  assert.match(text, /^flowchart TD\n/)
  const lines = text.trimEnd().split('\n').slice(2)
  for (const line of lines) {
    const label = /"([^"]*)"/.exec(line)?.[1] ?? ''
    const plain = label.replaceAll(/<\/?b>|<br\/>|#\d+;/g, '')
    assert.not.match(plain, /[<"`{}[\]|%;&*#$\u0000-\u001f\u202e]/, line)
    assert.is((line.match(/"/g) ?? []).length % 2, 0, line)
  }
  assert.is(renderExplanation(explanation).split('\n')[0]!.includes('\u001b'), false)
})

test('inject is told with its place, never with a value', () => {
  const inject = { prefix: 'Userkeyauth ', value: '{{base64 vars.key ":" bearer}}' }
  const vars = { key: { env: 'SERVICE_KEY' } }
  const services = {
    s: { account: 'a', serverUrl: 'https://api.example', vars, inject },
    t: { account: 'a', serverUrl: 'https://api.example' },
  }
  const accounts = { a: { ...ACCOUNT, inject: { in: 'query', name: 'access_token' } } }
  const own = explain({ accounts, services }, 's').steps
  assert.ok(textsOf(own).includes('resolve-secrets: vars.key from env SERVICE_KEY'))
  const step = own.find(({ step }) => step === 'inject')!
  assert.is(step.text, 'header Authorization: Userkeyauth [secret] (template of vars.key, bearer)')
  assert.equal(step.takes, ['vars.key', 'bearer'])
  assert.equal(step.gives, ['header Authorization'])
  assert.ok(
    textsOf(explain({ accounts, services }, 't').steps).includes('inject: query parameter access_token: [secret]'),
  )
})

test.run()
