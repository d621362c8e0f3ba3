// Changes that come within one turn of the event loop -> one transaction. A disk takes milliseconds for each one, and meanwhile
// the next ones gather.

export interface GroupCommit {
  /** Resolves with what `change` gave when it is on the disk. Rejects when its transaction failed; nothing of it is left then. */
  commit<T>(change: () => T): Promise<T>
  /** What has gathered, now. */
  flush(): void
}

interface Gathered {
  change(): unknown
  resolve(value: never): void
  reject(error: unknown): void
}

/** `transaction` throws when it failed, and then has changed nothing. */
export function createGroupCommit(transaction: <T>(work: () => T) => T): GroupCommit {
  let gathered: Gathered[] = []
  const flush = (): void => {
    const group = gathered
    gathered = []
    if (group.length === 0) return
    try {
      const values = transaction(() => group.map(({ change }) => change()))
      for (const [index, { resolve }] of group.entries()) resolve(values[index] as never)
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }
  return {
    flush,
    commit<T>(change: () => T): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      gathered.push({ change, resolve, reject })
      if (gathered.length === 1) setImmediate(flush)
      return promise
    },
  }
}
