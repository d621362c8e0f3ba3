// Services with an address of their own -> listeners, opened before a configuration counts and closed when the next one no
// longer wants them. An address that stays is never closed in between.
import type { FastifyInstance } from 'fastify'
import { selecting } from '../base/grouped.ts'
import type { Log } from '../base/log.ts'
import type { Plan, ServicePlan } from '../compile/plan.ts'
import type { DaemonSettings } from '../config/model/model.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Executor, Preparation } from '../runtime/executor.ts'
import { createServiceServer } from '../server/api-server.ts'
import { createDoor } from '../server/callers/door.ts'
import { limitsOf } from '../server/http-server.ts'
import type { Metrics } from '../server/metrics.ts'
import { ServiceProxy } from '../server/proxy/proxy.ts'
import type { Slots } from '../server/proxy/slots.ts'
import { addressOf, ListenError, listen } from './listen.ts'

/** What answers at an address: whichever service has it now. */
interface ServiceTarget {
  service: string
}

interface Open {
  server: FastifyInstance
  target: ServiceTarget
  /** As bound. */
  url: string
}

export interface ServiceListenersParts {
  /** There when the first plan is prepared. */
  executor(): Executor
  metrics: Metrics
  log: Log
  slots: Slots
}

const listeningServices = selecting<ServicePlan>(({ listen }) => listen !== undefined)

export class ServiceListeners {
  readonly #parts: ServiceListenersParts
  readonly #proxy: ServiceProxy
  readonly #open = new Map<string, Open>()
  #closing: Promise<void> = Promise.resolve()

  constructor(parts: ServiceListenersParts) {
    this.#parts = parts
    this.#proxy = new ServiceProxy({ ...parts, limits: () => limitsOf(parts.executor()) })
  }

  /** Opens what a plan needs besides. With an error everything is as it was before. */
  async prepare({ services, daemon }: Plan): Promise<Preparation> {
    const wanted = new Map(listeningServices(services).map(plan => [keyOf(plan), plan]))
    const opened = new Map<string, Open>()
    const diagnostics: Diagnostic[] = []
    for (const [key, plan] of wanted) {
      if (this.#open.has(key)) continue
      try {
        opened.set(key, await this.#listen(plan, daemon))
      } catch (error) {
        if (!(error instanceof ListenError)) throw error
        const { file, range } = plan.listen!
        diagnostics.push({ code: 'listen/unavailable', severity: 'error', message: error.message, file, range })
      }
    }
    if (diagnostics.length > 0) await Promise.all([...opened.values()].map(({ server }) => server.close()))
    return { diagnostics, commit: () => this.#commit(wanted, opened) }
  }

  /** The addresses by service, as bound. */
  addresses(): Record<string, string> {
    return Object.fromEntries([...this.#open.values()].map(({ target, url }) => [target.service, url]))
  }

  /** Finishes what runs. Connections that are still open after the limit are closed. */
  async stop(limitMs: number): Promise<void> {
    const open = [...this.#open.values()]
    const force = setTimeout(() => {
      for (const { server } of open) server.server.closeAllConnections()
    }, limitMs)
    for (const { server } of open) this.#end(server)
    await this.#closing
    clearTimeout(force)
    this.#open.clear()
    await this.#proxy.close()
  }

  async #listen({ name, listen: own }: ServicePlan, { socket, limits }: DaemonSettings): Promise<Open> {
    const at = addressOf(own!.address, {})
    const target = { service: name }
    const { executor, metrics, log } = this.#parts
    const parts = {
      executor: executor(),
      metrics,
      log,
      proxy: this.#proxy,
      exposed: false,
      door: createDoor(at),
      limits,
    }
    const server = createServiceServer(parts, target)
    const url = await listen(server, at, { socket })
    log.info({ service: name, address: url }, 'listening for a service')
    return { server, target, url }
  }

  #commit(wanted: ReadonlyMap<string, ServicePlan>, opened: ReadonlyMap<string, Open>): void {
    for (const [key, open] of opened) this.#open.set(key, open)
    for (const [key, { server, target }] of this.#open) {
      const plan = wanted.get(key)
      if (plan) target.service = plan.name
      else {
        this.#open.delete(key)
        this.#end(server)
      }
    }
  }

  /** Takes no more connections from this moment on. */
  #end(server: FastifyInstance): void {
    server.server.close()
    this.#closing = Promise.all([this.#closing, server.close()]).then(() => undefined)
  }
}

/** Any free port is another one for each service. */
function keyOf({ name, listen: own }: ServicePlan): string {
  return own!.address.endsWith(':0') ? `${own!.address} ${name}` : own!.address
}
