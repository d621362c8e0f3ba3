// Where the compiled code of the program is kept between starts.
import { statSync } from 'node:fs'
import * as nodeModule from 'node:module'

type Environment = Readonly<Record<string, string | undefined>>

/** Says whether a folder is there and belongs to the user who runs the program. */
export type IsOwn = (folder: string) => boolean

const isOwn: IsOwn = folder => {
  const owner = statSync(folder, { throwIfNoEntry: false })?.uid
  return owner !== undefined && (process.geteuid?.() ?? owner) === owner
}

/**
 * What stands in a compile cache is run. Node's own choice, a folder in /tmp, can be made by any user before; so this is a
 * folder below one of the user's own, or none.
 */
export function compileCacheFolder(environment: Environment, isOwnFolder: IsOwn = isOwn): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = environment
  const base = XDG_CACHE_HOME || LOCALAPPDATA || HOME
  if (!base || !isOwnFolder(base)) return undefined
  return base === HOME ? `${base}/.cache/bearerd` : `${base}/bearerd`
}

/** Node 20 keeps nothing; NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE count as Node says. Never throws. */
export function keepCompiledCode(): void {
  const folder = compileCacheFolder(process.env)
  if (folder) nodeModule.enableCompileCache?.(folder)
}
