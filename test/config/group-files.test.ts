// Files in groups: whole, in order, of a bounded size, and mostly the same groups after an edit.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { groupSources, type SourceGroup } from '../../src/config/group-files.ts'
import type { Source } from '../../src/config/yaml/source.ts'
import { random, source } from './support.ts'

const files = (count: number): Source[] =>
  Array.from({ length: count }, (_, index) => source('version: 1\n', `f${String(index).padStart(5, '0')}.yaml`))

function others(groups: readonly SourceGroup[], before: readonly SourceGroup[]): number {
  const known = new Set(before)
  return groups.filter(group => !known.has(group)).length
}

test('every file is in one group, in order', () => {
  for (const count of [0, 1, 15, 16, 17, 64, 65, 3_000]) {
    const sources = files(count)
    assert.equal(
      groupSources(sources).flatMap(group => group.sources.map(({ path }) => path)),
      sources.map(({ path }) => path),
    )
  }
})

test('a group is neither large nor tiny', () => {
  const sizes = groupSources(files(3_000)).map(group => group.sources.length)
  assert.ok(Math.max(...sizes) <= 64)
  assert.ok(Math.min(...sizes.slice(0, -1)) >= 16)
})

test('the same files are the same groups', () => {
  const sources = files(1_000)
  const before = groupSources(sources)
  assert.is(others(groupSources([...sources], before), before), 0)
})

test('a changed file changes its group alone, and one that comes or goes a few around it', () => {
  const next = random(1)
  const sources = files(2_000)
  const before = groupSources(sources)
  for (let round = 0; round < 100; round++) {
    const at = Math.floor(next() * sources.length)
    const old = sources[at]!
    const changed = groupSources(sources.with(at, { ...old, text: 'version: 2\n' }), before)
    assert.is(others(changed, before), 1)
    const gone = groupSources(sources.toSpliced(at, 1), before)
    assert.ok(others(gone, before) <= 8, `${at} gone: ${others(gone, before)} groups`)
    const come = groupSources(sources.toSpliced(at, 0, source('version: 1\n', `x${round}.yaml`)), before)
    assert.ok(others(come, before) <= 8, `one at ${at}: ${others(come, before)} groups`)
  }
})

test.run()
