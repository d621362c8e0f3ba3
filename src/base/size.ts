// Sizes (`64KiB`, `10MiB`) between text and bytes.

const UNIT_BYTES: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 }

/** Bytes of a size, or undefined when the text is not one. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,12})(B|KiB|MiB|GiB|TiB)$/.exec(text)
  return match ? Number(match[1]) * UNIT_BYTES[match[2]!]! : undefined
}

/** For people, with one digit behind the point: 1536 is `1.5 KiB`. */
export function formatSize(bytes: number): string {
  const [unit, size] = Object.entries(UNIT_BYTES).findLast(([, size]) => bytes >= size) ?? ['B', 1]
  const amount = bytes / size
  return `${unit === 'B' || Number.isInteger(amount) ? amount : amount.toFixed(1)} ${unit}`
}
