// The compiled plan as text, secrets as references, and `explain` for each kind of authorization, against stored files.
// UPDATE_GOLDEN=1 writes them anew.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { explainService, renderExplanation } from '../../src/compile/explain/explain.ts'
import type { Plan } from '../../src/compile/plan.ts'
import { describeReference } from '../../src/compile/text.ts'
import { compileYaml } from './compiled.ts'

const FOLDER = join(import.meta.dirname, '../golden/explain')
const SECRETS = /fake-literal/

function compare(path: string, actual: string): void {
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, actual)
  }
  assert.ok(existsSync(path), `${path} is missing: run with UPDATE_GOLDEN=1`)
  assert.fixture(actual, readFileSync(path, 'utf8'))
}

function redactedPlan({ accounts, services, secretFiles }: Plan): string {
  const describe = (plan: { references: readonly Parameters<typeof describeReference>[0][] }) =>
    plan.references.map(describeReference)
  const shown = {
    accounts: [...accounts.values()].map(plan => ({
      kind: plan.kind,
      name: plan.name,
      key: plan.key,
      reads: describe(plan),
      ...(plan.kind === 'oauth2' && { tokenEndpoint: plan.tokenEndpoint.display, timeoutMs: plan.timeoutMs }),
    })),
    services: [...services.values()].map(plan => ({
      name: plan.name,
      account: plan.account,
      serverUrl: plan.serverUrl.display,
      timeoutMs: plan.timeoutMs,
      reads: describe(plan),
      cacheable: plan.cacheable,
      removes: { headers: [...plan.removes.headers], query: [...plan.removes.query] },
    })),
    secretFiles,
  }
  return `${JSON.stringify(shown, undefined, 2)}\n`
}

for (const name of readdirSync(FOLDER).filter(file => file.endsWith('.yaml'))) {
  const text = readFileSync(join(FOLDER, name), 'utf8')
  const base = join(FOLDER, name.slice(0, -'.yaml'.length))

  test(`explain: ${name}`, () => {
    const { config, plan } = compileYaml(text)
    const explanations = [...config.services.keys()].map(service => explainService(config, plan, service)!)
    const actual = explanations.map(renderExplanation).join('\n')
    assert.not.match(actual, SECRETS)
    compare(`${base}.out`, actual)
    const json = `${JSON.stringify(explanations, undefined, 2)}\n`
    assert.not.match(json, SECRETS)
  })

  test(`plan: ${name}`, () => {
    const { plan } = compileYaml(text)
    const actual = redactedPlan(plan)
    assert.not.match(actual, SECRETS)
    assert.not.match(inspect(plan, { depth: 10 }), SECRETS, 'a printed plan shows no secret')
    assert.not.match(JSON.stringify(plan), SECRETS)
    compare(`${base}.plan.json`, actual)
  })
}

test('a name that the configuration does not have has no explanation', () => {
  const { config, plan } = compileYaml('version: 1')
  assert.is(explainService(config, plan, 'x'), undefined)
})

test('the folder has a case for each kind of authorization', () => {
  const names = readdirSync(FOLDER).filter(file => file.endsWith('.yaml'))
  for (const kind of ['oauth2', 'password', 'header', 'query', 'basic', 'none'])
    assert.ok(names.includes(`${kind}.yaml`))
})

test.run()
