// Changes that come at once share a transaction, and its end.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createGroupCommit } from '../../src/deliveries/queue/group-commit.ts'

function recording(fails = () => false) {
  const log: string[] = []
  const group = createGroupCommit(work => {
    log.push('begin')
    const result = work()
    if (fails()) throw new Error('the disk is full')
    log.push('commit')
    return result
  })
  const add = (name: string) =>
    group.commit(() => {
      log.push(name)
      return name.toUpperCase()
    })
  return { log, add, group }
}

test('what comes in one turn is one transaction, and each gets its own value', async () => {
  const { log, add } = recording()
  assert.equal(await Promise.all([add('a'), add('b')]), ['A', 'B'])
  assert.is(await add('c'), 'C')
  assert.equal(log, ['begin', 'a', 'b', 'commit', 'begin', 'c', 'commit'])
})

test('nobody hears of success before the commit', async () => {
  const { log, add } = recording()
  await add('a').then(() => log.push('heard'))
  assert.equal(log, ['begin', 'a', 'commit', 'heard'])
})

test('a transaction that fails fails for all of them, and the next one starts anew', async () => {
  let full = true
  const { add } = recording(() => full)
  const outcomes = await Promise.allSettled([add('a'), add('b')])
  assert.equal(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  full = false
  assert.is(await add('c'), 'C')
})

test('flush does not wait, and leaves nothing for later', async () => {
  const { log, add, group } = recording()
  const added = add('a')
  group.flush()
  assert.equal(log, ['begin', 'a', 'commit'])
  assert.is(await added, 'A')
  await add('b')
  assert.equal(log, ['begin', 'a', 'commit', 'begin', 'b', 'commit'])
})

test.run()
