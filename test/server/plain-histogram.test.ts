// The histogram of every request says what the metrics library's own would say.
import { Histogram, type Metric, Registry } from 'prom-client'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createPlainHistogram } from '../../src/server/plain-histogram.ts'

const BUCKETS = [0.005, 0.1, 2]
const VALUES = [0, 0.005, 0.006, 0.1, 1.5, 2, 2.1, 30]

test('the text of a scrape is the same', async () => {
  const [theirs, ours] = [new Registry(), new Registry()]
  const histogram = new Histogram({ name: 'some_seconds', help: 'Some.', buckets: BUCKETS, registers: [theirs] })
  const plain = createPlainHistogram('some_seconds', 'Some.', BUCKETS)
  ours.registerMetric(plain as unknown as Metric)
  assert.is(await ours.metrics(), await theirs.metrics())
  for (const value of VALUES) {
    histogram.observe(value)
    plain.observe(value)
    assert.is(await ours.metrics(), await theirs.metrics())
  }
})

test.run()
