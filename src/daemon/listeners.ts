// The two listeners of a daemon, in front of one executor: opened together or not at all, stopped by finishing what runs.
import type { Executor } from '../index.ts'
import { createAdminServer } from '../server/admin-server.ts'
import { createApiServer } from '../server/api-server.ts'
import { createDoor, isExposedAddress, type ListenAddress } from '../server/callers/door.ts'
import { type HttpServer, limitsOf } from '../server/http-server.ts'
import type { Metrics } from '../server/metrics.ts'
import { ServiceProxy } from '../server/proxy/proxy.ts'
import type { Slots } from '../server/proxy/slots.ts'
import { Certificate, CertificateError } from './certificate.ts'
import { ListenError, listen } from './listen.ts'
import type { DaemonLog } from './log.ts'
import type { DaemonDeliveries } from './open-deliveries.ts'

export interface Listeners {
  /** The addresses as bound, such as `http://127.0.0.1:7117`. */
  api: string
  admin: string
  /** Reads the files of `daemon.tls` again, and uses what is new for new connections. Never rejects. */
  refreshCertificate(): Promise<void>
  /** Not ready, drain, close. Connections that are still open after the limit are closed. */
  stop(limitMs: number): Promise<void>
}

export interface ListenersParts {
  executor: Executor
  metrics: Metrics
  log: DaemonLog
  slots: Slots
  at: { api: ListenAddress; admin: ListenAddress }
  deliveries: Pick<DaemonDeliveries, 'open' | 'status'>
}

/** Rejects with ListenError; nothing is left open then. */
export async function openListeners(listenersParts: ListenersParts): Promise<Listeners> {
  const { executor, metrics, log, slots, at, deliveries } = listenersParts
  let ready = true
  const { tls: tlsSettings, socket } = executor.daemonSettings
  const certificate = tlsSettings && (await readCertificate(tlsSettings))
  const partsOf = (address: ListenAddress, wantsTls: boolean) => {
    const tls = certificate && wantsTls && 'port' in address ? certificate : undefined
    const exposed = isExposedAddress(address)
    return { executor, metrics, log, exposed, door: createDoor(address, tls), ...(tls && { tls }) }
  }
  const proxy = new ServiceProxy({ log, metrics, limits: () => limitsOf(executor), slots })
  const apiParts = partsOf(at.api, true)
  const adminParts = partsOf(at.admin, isExposedAddress(at.admin))
  const api = createApiServer({ ...apiParts, proxy, openDeliveries: deliveries.open })
  const admin = createAdminServer({ ...adminParts, isReady: () => ready, deliveries: deliveries.status })
  const close = async () => {
    await api.close()
    await admin.close()
    await proxy.close()
  }
  try {
    const scheme = (parts: object) => ({ socket, scheme: 'tls' in parts ? ('https' as const) : ('http' as const) })
    const addresses = {
      api: await listen(api, at.api, scheme(apiParts)),
      admin: await listen(admin, at.admin, scheme(adminParts)),
    }
    return { ...addresses, stop, refreshCertificate }
  } catch (error) {
    await close()
    throw error
  }

  async function refreshCertificate(): Promise<void> {
    const settings = executor.daemonSettings.tls
    if (!certificate || !settings) return
    try {
      if (!(await certificate.refresh(settings))) return
      for (const { server } of [api, admin]) (server as HttpServer).setSecureContext?.(certificate.context)
      log.info({ expiresAt: certificate.expiresAt }, 'the certificate of the listener changed')
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error
      log.warn({}, `the listener keeps its certificate: ${error.message}`)
    }
  }

  async function stop(limitMs: number): Promise<void> {
    ready = false
    log.info({}, 'stopping: finishing what runs')
    const force = setTimeout(() => {
      log.warn({ limitMs }, 'time is up: closing connections')
      api.server.closeAllConnections()
    }, limitMs)
    await close()
    clearTimeout(force)
  }
}

async function readCertificate(settings: NonNullable<Executor['daemonSettings']['tls']>): Promise<Certificate> {
  try {
    return await Certificate.read(settings)
  } catch (error) {
    throw error instanceof CertificateError ? new ListenError(error.message) : error
  }
}
