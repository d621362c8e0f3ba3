// A histogram without labels, for what every request is told of: counts into plain numbers, and has the form of the metrics
// library when somebody scrapes.

export interface PlainHistogram {
  name: string
  observe(value: number): void
  /** As a registry of prom-client asks for it. */
  get(): Promise<unknown>
}

/** `bounds` are the upper ends of its buckets, in order. */
export function createPlainHistogram(name: string, help: string, bounds: readonly number[]): PlainHistogram {
  const counts = bounds.map(() => 0)
  let [count, sum] = [0, 0]
  const bucket = (le: number | string, value: number) => ({ metricName: `${name}_bucket`, labels: { le }, value })
  return {
    name,
    observe(value) {
      count++
      sum += value
      let at = 0
      while (value > bounds[at]!) at++
      if (at < counts.length) counts[at]!++
    },
    async get() {
      let below = 0
      const buckets = bounds.map((bound, at) => {
        below += counts[at]!
        return bucket(bound, below)
      })
      const totals = [
        { metricName: `${name}_sum`, labels: {}, value: sum },
        { metricName: `${name}_count`, labels: {}, value: count },
      ]
      return {
        name,
        help,
        type: 'histogram',
        aggregator: 'sum',
        values: [...buckets, bucket('+Inf', count), ...totals],
      }
    },
  }
}
