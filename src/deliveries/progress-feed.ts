// Progress as an async iterator: a reader that is slow gets the newest word, not all of them.

export interface ProgressFeed<T> {
  push(value: T): void
  end(): void
  fail(error: unknown): void
  iterate(): AsyncIterator<T>
}

export function createProgressFeed<T>(): ProgressFeed<T> {
  let newest: { value: T; serial: number } | undefined
  let serial = 0
  let over: { error?: unknown } | undefined
  let wake = Promise.withResolvers<void>()
  const tell = (): void => {
    wake.resolve()
    wake = Promise.withResolvers()
  }
  return {
    push(value) {
      newest = { value, serial: ++serial }
      tell()
    },
    end() {
      over = {}
      tell()
    },
    fail(error) {
      over = { error }
      tell()
    },
    iterate() {
      let seen = 0
      return {
        async next() {
          while (!over && (newest?.serial ?? 0) === seen) await wake.promise
          if (newest && newest.serial !== seen) {
            seen = newest.serial
            return { done: false, value: newest.value }
          }
          if (over && 'error' in over) throw over.error
          return { done: true, value: undefined }
        },
      }
    },
  }
}
