// Work that is done together: what waits meanwhile, and what one that fails does to the others.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { createGathering } from '../../src/deliveries/queue/gathering.ts'

const settled = async (work: Promise<unknown>[]) =>
  (await Promise.allSettled(work)).map(result =>
    result.status === 'fulfilled' ? result.value : (result.reason as Error).message,
  )

test('what comes while one is worked on is worked on together, in its order, and no more at once than said', async () => {
  const groups: number[][] = []
  const add = createGathering<number, number>(async items => {
    groups.push([...items])
    await new Promise(resolve => setImmediate(resolve))
    return items.map(item => item * 10)
  }, 3)
  assert.equal(await Promise.all([1, 2, 3, 4, 5].map(add)), [10, 20, 30, 40, 50])
  assert.equal(groups, [[1], [2, 3, 4], [5]])
  assert.is(await add(6), 60)
})

test('one that fails fails alone, and each other one is done once', async () => {
  const done: number[] = []
  const add = createGathering<number, string>(async items => {
    if (items.includes(3)) throw new Error('three')
    done.push(...items)
    return items.map(item => (item === 4 ? new AppError('storage_full', 'four') : 'good'))
  }, 10)
  assert.equal(await settled([1, 2, 3, 4].map(add)), ['good', 'good', 'three', 'four'])
  assert.equal(done, [1, 2, 4])
})

test('what a database that went away was given is not given again', async () => {
  let calls = 0
  const add = createGathering<number, number>(async () => {
    calls++
    throw new AppError('state_unavailable', 'away')
  }, 10)
  assert.equal(await settled([1, 2, 3].map(add)), ['away', 'away', 'away'])
  assert.is(calls, 2)
})

test.run()
