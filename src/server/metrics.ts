// What Prometheus can scrape. Labels are names from the configuration, never values.
import { Counter, Gauge, Histogram, type Metric, Registry } from 'prom-client'
import type { ExecutorOptions } from '../runtime/executor-options.ts'
import { createDeliveryMetrics, type DeliveryMetrics } from './delivery-metrics.ts'
import { createPlainHistogram } from './plain-histogram.ts'

type Told = Required<Pick<ExecutorOptions, 'onTokenRequest' | 'onExpiry' | 'onClientSecret' | 'onSinkWrite'>>

export interface Metrics extends DeliveryMetrics {
  /** What an executor tells of while it runs. */
  told: Told
  tokenRejected(service: string): void
  authorization(service: string, outcome: 'success' | 'failure'): void
  proxyRequest(service: string, status: number, durationMs: number): void
  proxyRetry(service: string, cause: string): void
  reload(ok: boolean, generation: number, atMs: number): void
  onStateChange(ok: boolean): void
  contentType: string
  text(): Promise<string>
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function createMetrics(): Metrics {
  const registers = [new Registry()]
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers })
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers })
  const histogram = (name: string, help: string) => new Histogram({ name, help, buckets: SECONDS, registers })

  const rejected = counter('bearerd_token_rejected_total', 'Tokens that a service answered with 401.', ['service'])
  const authorizations = counter('bearerd_authorizations_total', 'Authorizations handed out.', ['service', 'outcome'])
  const proxied = counter('bearerd_proxy_requests_total', 'Requests through the proxy.', ['service', 'status'])
  const retried = counter('bearerd_proxy_retries_total', 'Requests that `retry` sent again.', ['service', 'cause'])
  const proxyDuration = createPlainHistogram(
    'bearerd_proxy_request_duration_seconds',
    'Duration of proxied requests until their end.',
    SECONDS,
  )
  registers[0]!.registerMetric(proxyDuration as unknown as Metric)

  const { refresh, ...deliveries } = createDeliveryMetrics({ counter, gauge })
  // Hot paths count into plain numbers; labels are resolved when somebody scrapes.
  const authorizationCounts: Counts<'success' | 'failure'> = new Map()
  const proxyCounts: Counts<number> = new Map()
  const flush = () => {
    drain(authorizationCounts, (service, outcome, count) => authorizations.inc({ service, outcome }, count))
    drain(proxyCounts, (service, status, count) => proxied.inc({ service, status }, count))
  }

  return {
    told: createTold({ counter, gauge, histogram }),
    tokenRejected: service => rejected.inc({ service }),
    authorization: (service, outcome) => count(authorizationCounts, service, outcome),
    proxyRequest(service, status, durationMs) {
      count(proxyCounts, service, status)
      proxyDuration.observe(durationMs / 1000)
    },
    proxyRetry: (service, cause) => retried.inc({ service, cause }),
    ...createStateMetrics(gauge),
    ...deliveries,
    contentType: registers[0]!.contentType,
    async text() {
      flush()
      await refresh()
      return registers[0]!.metrics()
    },
  }
}

interface Registering {
  counter(name: string, help: string, labelNames: string[]): Counter
  gauge(name: string, help: string, labelNames: string[]): Gauge
  histogram(name: string, help: string): Histogram
}

function createTold({ counter, gauge, histogram }: Registering): Told {
  const requests = counter('bearerd_token_requests_total', 'Requests to token endpoints.', ['account', 'outcome'])
  const duration = histogram('bearerd_token_request_duration_seconds', 'Duration of token requests.')
  const expiry = gauge('bearerd_token_expiry_timestamp_seconds', 'When the current token ends.', ['account'])
  const place = 'Which one of several client secrets is in use, counted from 1.'
  const secretInUse = gauge('bearerd_client_secret_in_use', place, ['account'])
  const sinkWrites = counter('bearerd_sink_writes_total', 'Writes of credential files.', ['service', 'outcome'])
  return {
    onTokenRequest(account, outcome, durationMs) {
      requests.inc({ account, outcome })
      duration.observe(durationMs / 1000)
    },
    onExpiry: (account, expiresAtMs) => expiresAtMs !== null && expiry.set({ account }, expiresAtMs / 1000),
    onClientSecret: (account, { inUse }) => secretInUse.set({ account }, inUse),
    onSinkWrite: (service, outcome) => sinkWrites.inc({ service, outcome }),
  }
}

function createStateMetrics(gauge: (name: string, help: string) => Gauge): Pick<Metrics, 'reload' | 'onStateChange'> {
  const generation = gauge('bearerd_generation', 'Number of the running generation.')
  const state = gauge('bearerd_state_available', 'Whether the database of daemon.state.url can be used; 1 without one.')
  state.set(1)
  const reloadOk = gauge('bearerd_config_last_reload_successful', 'Whether the last reload succeeded.')
  const reloadAt = gauge('bearerd_config_last_reload_success_timestamp_seconds', 'When the last successful reload was.')
  return {
    reload(ok, id, atMs) {
      generation.set(id)
      reloadOk.set(ok ? 1 : 0)
      if (ok) reloadAt.set(atMs / 1000)
    },
    onStateChange: ok => state.set(ok ? 1 : 0),
  }
}

/** By service and what became of the request. */
type Counts<T> = Map<string, Map<T, number>>

function count<T>(counts: Counts<T>, service: string, outcome: T): void {
  let ofService = counts.get(service)
  if (!ofService) {
    ofService = new Map()
    counts.set(service, ofService)
  }
  ofService.set(outcome, (ofService.get(outcome) ?? 0) + 1)
}

function drain<T>(counts: Counts<T>, add: (service: string, outcome: T, count: number) => void): void {
  for (const [service, ofService] of counts) for (const [outcome, value] of ofService) add(service, outcome, value)
  counts.clear()
}
