// `bearerd test`: really runs the pipeline of each service and tells its steps, for people who look for a fault.
import { systemClock } from '../../base/clock.ts'
import { AppError } from '../../base/error.ts'
import type { AccountPlan } from '../../compile/plan.ts'
import type { Executor } from '../../index.ts'
import type { TraceFacts, TraceStep } from '../../runtime/pipeline-trace.ts'
import { likelyCauses } from '../likely-causes.ts'
import { loadExecutor } from '../load.ts'
import { CommandError, EXIT, print } from '../output.ts'
import { readParams } from '../read-params.ts'
import { renderTests, type TestedService, type TestedStep, testsAsJson } from '../test-report.ts'
import { createWaiting } from '../waiting.ts'

interface TestOptions {
  config?: string[]
  format: 'text' | 'json'
  param?: string[]
}

/** Exit 3 when a step of one of them failed. */
export async function test(names: readonly string[], options: TestOptions): Promise<number> {
  const waiting = createWaiting(process.stderr)
  const seen: TraceStep[] = []
  const trace = (step: TraceStep) => void seen.push(step)
  await using executor = await loadExecutor(options.config, { trace })
  const run: Run = { executor, seen, params: readParams(options.param), testedWith: new Map() }
  const services = names.length > 0 ? [...new Set(names)] : [...(executor.generation?.services.keys() ?? [])]
  // A wrong name before anything is sent.
  for (const name of services) executor.definition(name)
  const tested: TestedService[] = []
  for (const [index, name] of services.entries()) {
    waiting.show(`testing ${name} (${index + 1} of ${services.length})`)
    const result = await testService(run, name)
    waiting.clear()
    tested.push(result)
    if (options.format === 'text') await print(renderTests([result]))
  }
  if (options.format === 'json') await print(testsAsJson(tested))
  return tested.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed
}

interface Run {
  executor: Executor
  /** Filled while a pipeline runs. */
  seen: TraceStep[]
  params: Record<string, string>
  /** By the key of an account: the first service that was tested with it. */
  testedWith: Map<string, string>
}

async function testService(run: Run, name: string): Promise<TestedService> {
  const { executor, seen, params } = run
  const { plan, account } = executor.definition(name)
  const startMs = systemClock.monotonicMs()
  seen.length = 0
  const own: TestedStep[] = []
  const failure = await runService(run, name, own).catch(appErrorOnly)
  const steps = [...seen.map(told), ...own]
  const tokenOf = seen.length > 0 || failure ? undefined : run.testedWith.get(account.plan.key)
  if (seen.length > 0) run.testedWith.set(account.plan.key, plan.name)
  if (failure && !seen.some(({ error }) => error) && !own.some(({ ok }) => !ok))
    steps.push({
      step: 'authorize',
      account: account.plan.name,
      durationMs: systemClock.monotonicMs() - startMs,
      ok: false,
      facts: {},
      error: failure,
    })
  return {
    service: plan.name,
    account: account.plan.name,
    ...(tokenOf !== undefined && { tokenOf }),
    ...(Object.keys(params).length > 0 && { params: Object.keys(params) }),
    // A step that failed and was repeated with success is no failure.
    ok: failure === undefined && own.every(({ ok }) => ok),
    durationMs: systemClock.monotonicMs() - startMs,
    steps,
    causes: failure ? causesOf(run, account.plan, failure) : own.flatMap(({ causes = [] }) => causes),
  }
}

/** Injects, and requests the health check where there is one. */
async function runService({ executor, params }: Run, name: string, own: TestedStep[]): Promise<undefined> {
  const account = executor.definition(name).account.plan.name
  const { injection, credential } = await executor.service(name, params).authorize()
  own.push({
    step: 'inject',
    account,
    durationMs: 0,
    ok: true,
    facts: {
      headers: [...namesOf(injection.headers), ...(credential.prover ? ['DPoP'] : [])],
      query: namesOf(injection.query),
    },
  })
  const { healthCheck } = executor.definition(name).plan
  if (healthCheck === undefined) return
  const startMs = systemClock.monotonicMs()
  const done = (rest: Pick<TestedStep, 'ok' | 'facts' | 'error' | 'causes'>) =>
    own.push({ step: 'health-check', account, durationMs: systemClock.monotonicMs() - startMs, ...rest })
  try {
    const response = await executor.client(name, { params })(healthCheck, { throwHttpErrors: false })
    await response.body?.cancel()
    const { status } = response
    done({ ok: status < 400, facts: { path: healthCheck.replace(/\?.*/s, ''), status }, causes: healthCauses(status) })
  } catch (thrown) {
    const error = appErrorOf(thrown)
    done({ ok: false, facts: { path: healthCheck.replace(/\?.*/s, '') }, error })
    throw error
  }
}

function namesOf(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs.map(([name]) => name)
}

/** Anything else could show the credential. */
function appErrorOf(thrown: unknown): AppError {
  for (let current = thrown; current instanceof Error; current = current.cause)
    if (current instanceof AppError) return current
  throw new CommandError(EXIT.failed, 'the request of the health check failed')
}

function appErrorOnly(error: unknown): AppError {
  if (error instanceof AppError) return error
  throw error
}

function told({ step, account, durationMs, facts, error }: TraceStep): TestedStep {
  return { step, account, durationMs, ok: error === undefined, facts, ...(error && { error }) }
}

function causesOf({ seen, executor }: Run, own: AccountPlan, error: AppError): string[] {
  // Of several accounts, the one that failed.
  const accounts = [...(executor.generation?.plan.accounts.values() ?? [])]
  const plan = accounts.find(({ name }) => name === error.details.account) ?? own
  const factsOf = (name: TraceStep['step']): TraceFacts =>
    seen.findLast(({ step, error: failed }) => step === name && !failed)?.facts ?? {}
  return likelyCauses({
    error,
    request: factsOf('expand-template'),
    server: factsOf('discover'),
    clientAuthMethod: plan.kind === 'oauth2' ? plan.clientAuthMethod : '',
    nowMs: systemClock.nowMs(),
  })
}

function healthCauses(status: number): string[] {
  if (status === 401)
    return [
      'the service does not take this token: another audience or scope is needed, or another header (see `inject`)',
    ]
  if (status === 403) return ['the token is good but may not do this: a scope is missing, or the user has no right']
  if (status === 404) return ['`healthCheck` or `serverUrl` names a path that the service does not have']
  if (status === 429) return ['too many requests to the service']
  return status >= 500 ? ['the service has a fault of its own'] : []
}
