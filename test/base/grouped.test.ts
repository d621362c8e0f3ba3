// A map in groups: what a map does, and what tells two of them apart.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { entriesApart, Grouped, mapValues, selecting } from '../../src/base/grouped.ts'

const index = new Map([
  ['a', 0],
  ['b', 0],
  ['c', 2],
])
const groups = [new Map([...'ab'].map((name, at) => [name, at + 1])), new Map(), new Map([['c', 3]])]
const grouped = new Grouped<number>(index, groups)

test('it is a map, in the order of its groups', () => {
  assert.equal([...grouped], [...new Map(Object.entries({ a: 1, b: 2, c: 3 }))])
  assert.equal([...grouped.entries()], [...grouped])
  assert.equal(
    [[...grouped.keys()], [...grouped.values()]],
    [
      ['a', 'b', 'c'],
      [1, 2, 3],
    ],
  )
  assert.equal([grouped.size, grouped.get('c'), grouped.get('d')], [3, 3, undefined])
  assert.equal([grouped.has('b'), grouped.has('d')], [true, false])
  const seen: unknown[] = []
  grouped.forEach((value, name) => {
    seen.push([name, value])
  })
  assert.equal(seen, [...grouped])
})

test('names of objects are no names of its own', () => {
  for (const name of ['constructor', '__proto__', 'toString', '']) assert.is(grouped.get(name), undefined)
})

test('what is made of it has the same names in the same groups', () => {
  const doubled = grouped.map(value => value * 2)
  assert.equal([...doubled.values()], [2, 4, 6])
  assert.is(doubled.index, grouped.index)
  assert.equal(
    doubled.groups.map(({ size }) => size),
    groups.map(({ size }) => size),
  )
})

test('only groups that the other does not have are told apart', () => {
  const changed = grouped.with([groups[0]!, groups[1]!, new Map([['c', 4]])])
  assert.equal([...entriesApart(changed, grouped)], [['c', 4]])
  assert.equal([...entriesApart(grouped, changed)], [['c', 3]])
  assert.equal([...entriesApart(grouped, grouped)], [])
  assert.equal([...entriesApart(grouped, undefined)], [...grouped])
  assert.equal([...entriesApart(undefined, grouped)], [])
})

test('what fits is looked for once in each group', () => {
  let looked = 0
  const odd = selecting<number>(value => {
    looked++
    return value % 2 === 1
  })
  assert.equal(odd(grouped), [1, 3])
  const changed = grouped.with([groups[0]!, groups[1]!, mapValues(groups[2]!, value => value + 1)])
  assert.equal([odd(changed), odd(grouped)], [[1], [1, 3]])
  assert.is(looked, 4)
})

test.run()
