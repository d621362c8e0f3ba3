// Calls back when the configuration or a secret file changed. Events are hints that shorten the wait; the truth is the
// content, hashed anew after each hint and at every poll. A failed read or a removed folder never ends the watching.
import { createHash } from 'node:crypto'
import { dirname, resolve, sep } from 'node:path'
import { watch as chokidarWatch } from 'chokidar'
import { readSources } from '../config/read.ts'
import type { WatchPaths } from './watching.ts'

/** Editors and git write several files, or one file in several steps. */
const SETTLE_MS = 50
/** A file that never rests must not put a reload off for ever. */
const MAX_SETTLE_MS = 1_000

export const watchFiles: WatchPaths = async request => {
  const watched = { paths: request.paths, secretFiles: request.secretFiles, directory: request.directory }
  let seen = await contentHash(watched.paths, watched.directory)
  let stopped = false
  let settling: NodeJS.Timeout | undefined
  let unsettledSinceMs: number | undefined
  let running: Promise<void> = Promise.resolve()

  const look = async () => {
    if (stopped) return
    const now = await contentHash(watched.paths, watched.directory)
    if (now !== seen) {
      seen = now
      await request.onConfigChange()
    }
    await request.onSecretChange()
  }
  const hint = () => {
    unsettledSinceMs ??= performance.now()
    if (performance.now() - unsettledSinceMs > MAX_SETTLE_MS) return
    clearTimeout(settling)
    settling = setTimeout(() => {
      unsettledSinceMs = undefined
      running = running
        .then(look)
        .catch(error => request.log.error({ error: String(error) }, 'watching failed; it goes on'))
    }, SETTLE_MS)
  }
  const watcher = chokidarWatch(targets(watched), {
    ignoreInitial: true,
    ignorePermissionErrors: true,
    ignored: path => !isRelevant(path, watched),
  })
  watcher.on('all', hint)
  watcher.on('error', error =>
    request.log.warn({ error: (error as Error).message }, 'file events are not reliable; polling goes on'),
  )
  await new Promise<void>(ready => watcher.once('ready', () => ready()))
  const poll = setInterval(hint, request.pollIntervalMs)
  poll.unref()

  return {
    update(nextPaths, nextSecretFiles) {
      const before = targets(watched)
      watched.paths = nextPaths
      watched.secretFiles = nextSecretFiles
      const after = targets(watched)
      watcher.unwatch(before.filter(path => !after.includes(path)))
      watcher.add(after.filter(path => !before.includes(path)))
    },
    async stop() {
      stopped = true
      clearInterval(poll)
      clearTimeout(settling)
      await watcher.close()
      await running
    },
  }
}

interface Watched {
  paths: readonly string[]
  secretFiles: readonly string[]
  directory: string
}

/** For a glob, the folder before its first wildcard. */
function configRoots({ paths, directory }: Watched): string[] {
  return paths.map(path => resolve(directory, /[*?[{]/.test(path) ? path.replace(/[^/]*[*?[{].*$/, '') : path))
}

/** With the folder of each file: a rename or a changed link replaces the file, and its folder sees it. */
function targets(watched: Watched): string[] {
  const files = [...configRoots(watched), ...watched.secretFiles]
  return [...new Set([...files, ...files.map(file => dirname(file))])]
}

/** Of such a folder only the files themselves count, not everything beside them. */
function isRelevant(path: string, watched: Watched): boolean {
  if (targets(watched).includes(path)) return true
  return configRoots(watched).some(root => path.startsWith(`${root}${sep}`) && !path.includes('node_modules'))
}

/** One hash over names and contents; what cannot be read counts by its problem. */
async function contentHash(paths: readonly string[], directory: string): Promise<string> {
  const { sources, diagnostics } = await readSources(paths, directory)
  const hash = createHash('sha256')
  for (const { path, text } of sources) hash.update(`${path}\0${text.length}\0${text}\0`)
  for (const { code, file } of diagnostics) hash.update(`${code}\0${file}\0`)
  return hash.digest('hex')
}
