// Work that comes while other work of its kind is done -> done together next. A database takes milliseconds for each time it is
// asked, whether for one or for many.
import { AppError } from '../../base/error.ts'

interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * `work` gives a result for each item, or rejects and has done nothing then: each item is tried alone, so that one cannot fail the
 * others. What fails because the database is away is not tried again: it may have been done.
 */
export function createGathering<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly (Result | AppError)[]>,
  most: number,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = []
  let working = false

  const settle = async (group: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(group.map(({ item }) => item))
      for (const [index, { resolve, reject }] of group.entries()) {
        const result = results[index]!
        if (result instanceof AppError) reject(result)
        else resolve(result)
      }
    } catch (error) {
      const isAway = error instanceof AppError && error.code === 'state_unavailable'
      if (group.length === 1 || isAway) for (const { reject } of group) reject(error)
      else for (const one of group) await settle([one])
    }
  }
  const workOn = async (): Promise<void> => {
    working = true
    while (waiting.length > 0) await settle(waiting.splice(0, most))
    working = false
  }
  return item => {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    waiting.push({ item, resolve, reject })
    if (!working) void workOn()
    return promise
  }
}
