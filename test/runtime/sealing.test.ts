// What is sealed for the database of a fleet: opens with its key, in its place, unchanged, and in no other case.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { createSealing } from '../../src/runtime/state/sealing.ts'

const [ONE, OTHER] = ['ab', 'cd'].map(byte => new Secret(byte.repeat(32))) as [Secret, Secret]
const TEXT = new Secret('fake-refresh-token')
const PLACE = 'refresh_token 00ff'

test('opens with the key and in the place that it was sealed for', () => {
  const sealing = createSealing(ONE)
  const sealed = sealing.seal(TEXT, PLACE)
  assert.is(sealing.open(sealed, PLACE)?.reveal(), TEXT.reveal())
  for (const place of ['token 00ff', 'refresh_token 00fe', '']) assert.is(sealing.open(sealed, place), undefined, place)
  assert.is(createSealing(OTHER).open(sealed, PLACE), undefined)
})

test('each changed byte is noticed, and what is cut', () => {
  const sealing = createSealing(ONE)
  const sealed = sealing.seal(TEXT, PLACE)
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at]! ^= 1
    assert.is(sealing.open(changed, PLACE), undefined, `byte ${at}`)
    assert.is(sealing.open(sealed.subarray(0, at), PLACE), undefined, `${at} bytes`)
  }
})

test('the same text is sealed differently each time, and named equally', () => {
  const sealing = createSealing(ONE)
  assert.not.ok(sealing.seal(TEXT, PLACE).equals(sealing.seal(TEXT, PLACE)))
  assert.ok(sealing.name(TEXT).equals(createSealing(ONE).name(TEXT)))
  assert.not.ok(sealing.name(TEXT).equals(createSealing(OTHER).name(TEXT)))
})

test('of a list of keys the first one seals and names, and each of them opens what is its own', () => {
  const [before, change, after] = [createSealing(ONE), createSealing(OTHER, ONE), createSealing(OTHER)]
  assert.is(change.open(before.seal(TEXT, PLACE), PLACE)?.reveal(), TEXT.reveal())
  assert.is(after.open(change.seal(TEXT, PLACE), PLACE)?.reveal(), TEXT.reveal())
  assert.is(before.open(change.seal(TEXT, PLACE), PLACE), undefined)
  assert.equal(change.names(TEXT), [after.name(TEXT), before.name(TEXT)])
  assert.is(change.keyId, after.keyId)
})

test.run()
