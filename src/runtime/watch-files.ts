// Hints that a configuration or secret file may have changed: from file events, from links and folders that lead elsewhere
// without an event, and from time to time in any case. A failure or a removed folder never ends the watching.
import { dirname, resolve, sep } from 'node:path'
import { systemErrorCode } from '../base/error.ts'
import type { Suspects } from '../config/read.ts'
import { placesOf } from './places.ts'
import type { WatchPaths, WatchRequest, WatchStop } from './watching.ts'

/** Editors and git write several files, or one file in several steps. */
const SETTLE_MS = 30
/** A file that never rests must not put a reload off for ever. */
const MAX_SETTLE_MS = 1_000
/** A swapped link is one system call to see, and seldom an event. */
const PLACES_INTERVAL_MS = 1_000
/** With many, less often. */
const MS_PER_PLACE = 5
/** Without events; a shorter poll interval stays as it is. */
const EVENTLESS_INTERVAL_MS = 5_000

/** What of chokidar is used. */
export interface FileEvents {
  on(event: string, listener: (...values: unknown[]) => void): unknown
  once(event: 'ready', listener: () => void): unknown
  add(paths: string[]): unknown
  unwatch(paths: string[]): unknown
  close(): Promise<void>
}

export type WatchEvents = (paths: string[], options: { ignored(path: string): boolean }) => FileEvents

/** Whoever only sends or checks something does not load chokidar. */
export const watchFiles: WatchPaths = async request => {
  const { watch } = await import('chokidar')
  const onDisk: WatchEvents = (paths, { ignored }) =>
    watch(paths, { ignoreInitial: true, ignorePermissionErrors: true, ignored })
  return watchFilesBy(onDisk, request)
}

export async function watchFilesBy(watchEvents: WatchEvents, request: WatchRequest): Promise<WatchStop> {
  let watched = watchedOf(request.paths, request.secretFiles, request.directory)
  const hints = settledHints(request)
  const watcher = watchEvents([...watched.targets], { ignored: path => !isRelevant(path, watched) })
  const poll = polling(() => hints.hint('all'), request.pollIntervalMs)
  watcher.on('all', (event, path) => hints.hint(event === 'change' ? new Set([String(path)]) : 'times'))
  watcher.on('error', error => {
    const intervalMs = Math.min(request.pollIntervalMs, EVENTLESS_INTERVAL_MS)
    if (poll.hasten(intervalMs)) request.log.warn({ intervalMs }, unreliable(error))
  })
  await new Promise<void>(ready => watcher.once('ready', () => ready()))
  let places = await placesOf(watched.places)
  const links = polling(
    async () => {
      const now = await placesOf(watched.places)
      if (now !== places) hints.hint('all')
      places = now
    },
    Math.max(PLACES_INTERVAL_MS, watched.places.length * MS_PER_PLACE),
  )
  // What was edited between the first reading and now has had no event.
  hints.hint('all')

  return {
    update(paths, secretFiles) {
      const before = watched.targets
      watched = watchedOf(paths, secretFiles, request.directory)
      const after = watched.targets
      watcher.unwatch([...before].filter(path => !after.has(path)))
      watcher.add([...after].filter(path => !before.has(path)))
    },
    async stop() {
      poll.stop()
      links.stop()
      await watcher.close()
      await hints.stop()
    },
  }
}

function unreliable(error: unknown): string {
  const code = systemErrorCode(error) ?? 'unknown reason'
  return `file events are not reliable (${code}): files are read again and again instead${ADVICE[code] ?? ''}`
}

const ADVICE: Record<string, string> = {
  ENOSPC: '; raise fs.inotify.max_user_watches',
  EMFILE: '; raise fs.inotify.max_user_instances, or the limit of open files',
}

/** Hints that come together are one; one is followed after the other. */
function settledHints({ onHint, log }: WatchRequest) {
  let stopped = false
  let settling: NodeJS.Timeout | undefined
  let unsettledSinceMs: number | undefined
  let suspects: Suspects = NONE
  let running: Promise<void> = Promise.resolve()
  const follow = () => {
    unsettledSinceMs = undefined
    running = running
      .then(async () => {
        const meant = suspects
        suspects = NONE
        if (!stopped) await onHint(meant)
      })
      .catch(error => log.error({ error: String(error) }, 'watching failed; it goes on'))
  }
  return {
    hint(more: Suspects) {
      if (stopped) return
      suspects = both(suspects, more)
      unsettledSinceMs ??= performance.now()
      if (performance.now() - unsettledSinceMs > MAX_SETTLE_MS) return
      clearTimeout(settling)
      settling = setTimeout(follow, SETTLE_MS)
    },
    async stop() {
      stopped = true
      clearTimeout(settling)
      await running
    },
  }
}

const NONE: ReadonlySet<string> = new Set()

function both(a: Suspects, b: Suspects): Suspects {
  if (a === 'all' || b === 'all') return 'all'
  return a === 'times' || b === 'times' ? 'times' : new Set([...a, ...b])
}

function polling(look: () => void, intervalMs: number) {
  let timer = setInterval(look, intervalMs).unref()
  let hastened = false
  return {
    /** True the first time. */
    hasten(shorterMs: number): boolean {
      if (hastened) return false
      hastened = true
      clearInterval(timer)
      timer = setInterval(look, shorterMs).unref()
      return true
    },
    stop: () => clearInterval(timer),
  }
}

interface Watched {
  roots: readonly string[]
  /** With the folder of each file: a rename or a changed link replaces the file, and its folder sees it. */
  targets: ReadonlySet<string>
  /** Of the files of one folder one is enough: they lead elsewhere together. */
  places: readonly string[]
}

function watchedOf(paths: readonly string[], secretFiles: readonly string[], directory: string): Watched {
  const folders = secretFiles.filter(path => path.endsWith(sep)).map(path => path.slice(0, -1))
  const roots = [...paths.map(path => resolve(directory, withoutWildcards(path))), ...folders]
  const files = [...roots, ...secretFiles.filter(path => !path.endsWith(sep))]
  const firstOfFolder = new Map(files.map(file => [dirname(file), file]))
  return {
    roots,
    targets: new Set([...files, ...firstOfFolder.keys()]),
    places: [...new Set([...roots, ...firstOfFolder.keys(), ...firstOfFolder.values()])],
  }
}

/** For a glob, the folder before its first wildcard. */
function withoutWildcards(path: string): string {
  return /[*?[{]/.test(path) ? path.replace(/[^/]*[*?[{].*$/, '') : path
}

/** Of such a folder only the files themselves count, not everything beside them. */
function isRelevant(path: string, { roots, targets }: Watched): boolean {
  if (targets.has(path)) return true
  return roots.some(root => path.startsWith(`${root}${sep}`) && !path.includes('node_modules'))
}
