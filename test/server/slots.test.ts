// Places for the requests that run to a service at once: who waits, who is refused, and what a reload of the limits changes.
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type SlotLimits, Slots } from '../../src/server/proxy/slots.ts'

let limits: SlotLimits
let slots: Slots
let log: string[]
const responses: EventEmitter[] = []

test.before.each(() => {
  limits = { maxConcurrent: 2, maxQueued: 3 }
  slots = new Slots(() => limits)
  log = []
})

test.after.each(() => {
  for (const response of responses.splice(0)) response.emit('close')
})

/** Enters by its name; gives what ends it. */
function enter(name: string, plan = { name: 'a', timeoutMs: 60_000 }): () => void {
  const response = new EventEmitter() as ServerResponse
  responses.push(response)
  try {
    slots.enter({ plan, response, start: () => log.push(name), refuse: () => log.push(`${name} too late`) })
  } catch {
    log.push(`${name} refused`)
  }
  return () => response.emit('close')
}

/** What happened since the last question. */
const news = () => log.splice(0)

test('the line is served in its order, and what finds it full is refused', () => {
  const [one, two] = ['1', '2', '3', '4', '5', '6'].map(name => enter(name)) as [() => void, () => void]
  assert.equal(news(), ['1', '2', '6 refused'])
  two()
  one()
  assert.equal(news(), ['3', '4'])
})

test('each service has a line of its own', () => {
  for (const name of ['1', '2', '3']) enter(name)
  enter('other', { name: 'b', timeoutMs: 60_000 })
  assert.equal(news(), ['1', '2', 'other'])
})

test('who leaves the line makes room in it', () => {
  const [, , third] = ['1', '2', '3', '4', '5'].map(name => enter(name))
  third!()
  enter('6')
  enter('7')
  assert.equal(news(), ['1', '2', '7 refused'])
})

test('a lower limit after a reload holds, also while others wait', () => {
  const [one, two] = ['1', '2', '3', '4'].map(name => enter(name)) as [() => void, () => void]
  limits = { maxConcurrent: 1, maxQueued: 3 }
  news()
  one()
  assert.equal(news(), [])
  two()
  assert.equal(news(), ['3'])
})

test('a higher limit, or none, lets those that wait go first', () => {
  for (const name of ['1', '2', '3', '4', '5']) enter(name)
  limits = { maxConcurrent: 4, maxQueued: 3 }
  news()
  enter('6')
  assert.equal(news(), ['3', '4'])
  limits = { maxQueued: 3 }
  enter('7')
  assert.equal(news(), ['5', '6', '7'])
})

test.run()
