// The pattern of a parameter -> a matcher whose time has a bound whatever pattern and value are: each part of the pattern is
// tried once at each position, and what came out is remembered. No backtracking, so `(a+)+$` costs no more than `a+`.

export interface Pattern {
  /** Whether the whole value matches. A value longer than MAX_VALUE_LENGTH never does. */
  matches(value: string): boolean
  /** Whether some value of these characters alone may match; true also where that is not easily known. */
  acceptsSomeOf(characters: string): boolean
}

export const MAX_VALUE_LENGTH = 256
const MAX_PATTERN_LENGTH = 1024
const MAX_REPEATS = 256

type Part =
  | { kind: 'character'; is(character: string): boolean }
  | { kind: 'start' | 'end' }
  | { kind: 'sequence' | 'choice'; parts: Part[] }
  | { kind: 'repeat'; part: Part; min: number; max: number }

/** JavaScript's syntax without what only backtracking can do. `fault`: why this pattern cannot be used. */
export function compilePattern(source: string): { pattern: Pattern } | { fault: string } {
  if (source.length > MAX_PATTERN_LENGTH) return { fault: `a pattern has at most ${MAX_PATTERN_LENGTH} characters` }
  if (!isRegularExpression(source)) return { fault: 'this is not a regular expression' }
  const reader = new PatternReader(source)
  const part = reader.choice()
  if (reader.fault !== undefined) return { fault: reader.fault }
  return {
    pattern: {
      matches: value => value.length <= MAX_VALUE_LENGTH && matchesWhole(part, value),
      acceptsSomeOf: characters => acceptsSomeOf(part, Array.from(characters)),
    },
  }
}

function isRegularExpression(source: string): boolean {
  try {
    return new RegExp(source, 'u') !== undefined
  } catch {
    return false
  }
}

/** Reads what `RegExp` accepted already. */
class PatternReader {
  readonly #characters: string[]
  #at = 0
  fault: string | undefined

  constructor(source: string) {
    this.#characters = Array.from(source)
  }

  choice(): Part {
    const parts = [this.#sequence()]
    while (this.#take('|')) parts.push(this.#sequence())
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts }
  }

  #sequence(): Part {
    const parts: Part[] = []
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      parts.push(this.#repeated(this.#atom()))
      if (this.fault !== undefined) break
    }
    return { kind: 'sequence', parts }
  }

  #atom(): Part {
    const character = this.#characters[this.#at++]!
    if (character === '(') return this.#group()
    if (character === '^') return { kind: 'start' }
    if (character === '$') return { kind: 'end' }
    if (character === '[') return this.#class()
    if (character === '\\') return this.#escape()
    return characterPart(character === '.' ? '.' : `\\u{${character.codePointAt(0)!.toString(16)}}`)
  }

  #group(): Part {
    if (this.#take('?')) {
      if (!this.#take(':')) return this.#refuse('lookaround, named groups and modifiers are not supported')
    }
    const part = this.choice()
    this.#take(')')
    return part
  }

  #class(): Part {
    const start = this.#at - 1
    while (this.#peek() !== ']') this.#at += this.#peek() === '\\' ? 2 : 1
    this.#at++
    return characterPart(this.#characters.slice(start, this.#at).join(''))
  }

  #escape(): Part {
    const start = this.#at - 1
    const kind = this.#characters[this.#at++]!
    if (/[1-9kbB]/.test(kind)) return this.#refuse('back references and word boundaries are not supported')
    const braced = (kind === 'u' || kind === 'p' || kind === 'P') && this.#peek() === '{'
    if (braced) while (this.#characters[this.#at++] !== '}');
    else this.#at += { x: 2, u: 4, c: 1 }[kind] ?? 0
    return characterPart(this.#characters.slice(start, this.#at).join(''))
  }

  #repeated(part: Part): Part {
    const [min, max] = this.#quantifier() ?? []
    if (min === undefined || max === undefined) return part
    // Laziness changes which match is found, not whether there is one.
    this.#take('?')
    const most = max === Number.POSITIVE_INFINITY ? min : max
    if (most > MAX_REPEATS) return this.#refuse(`nothing can repeat more than ${MAX_REPEATS} times`)
    return { kind: 'repeat', part, min, max }
  }

  #quantifier(): [min: number, max: number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.#take('?')) return [0, 1]
    const braces = /^\{(\d+)(,?)(\d*)\}/.exec(this.#characters.slice(this.#at, this.#at + 32).join(''))
    if (!braces) return undefined
    this.#at += braces[0].length
    const min = Number(braces[1])
    if (braces[2] === '') return [min, min]
    return [min, braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3])]
  }

  #peek(): string | undefined {
    return this.#characters[this.#at]
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at++
    return true
  }

  #refuse(reason: string): Part {
    this.fault ??= reason
    this.#at = this.#characters.length
    return { kind: 'sequence', parts: [] }
  }
}

/** One character against one class: nothing there to backtrack over. */
function characterPart(source: string): Part {
  const expression = new RegExp(`^${source}$`, 'u')
  return { kind: 'character', is: character => expression.test(character) }
}

/** Each part by itself: what only some of them together exclude is not seen. */
function acceptsSomeOf(part: Part, characters: readonly string[]): boolean {
  switch (part.kind) {
    case 'character':
      return characters.some(part.is)
    case 'sequence':
      return part.parts.every(one => acceptsSomeOf(one, characters))
    case 'choice':
      return part.parts.some(one => acceptsSomeOf(one, characters))
    case 'repeat':
      return part.min === 0 || acceptsSomeOf(part.part, characters)
    default:
      return true
  }
}

function matchesWhole(part: Part, value: string): boolean {
  const characters = Array.from(value)
  const known = new Map<Part, Map<number, ReadonlySet<number>>>()

  /** Where this part can end when it starts here. */
  const ends = (of: Part, start: number): ReadonlySet<number> => {
    const before = known.get(of) ?? new Map<number, ReadonlySet<number>>()
    known.set(of, before)
    const found = before.get(start) ?? search(of, start)
    before.set(start, found)
    return found
  }
  const search = (of: Part, start: number): ReadonlySet<number> => {
    switch (of.kind) {
      case 'character':
        return new Set(start < characters.length && of.is(characters[start]!) ? [start + 1] : [])
      case 'start':
        return new Set(start === 0 ? [0] : [])
      case 'end':
        return new Set(start === characters.length ? [start] : [])
      case 'choice':
        return new Set(of.parts.flatMap(option => [...ends(option, start)]))
      case 'sequence':
        return of.parts.reduce<ReadonlySet<number>>((starts, next) => step(next, starts), new Set([start]))
      case 'repeat':
        return repeat(of, start)
    }
  }
  const step = (of: Part, starts: Iterable<number>): Set<number> =>
    new Set([...starts].flatMap(start => [...ends(of, start)]))
  const repeat = ({ part: of, min, max }: Part & { kind: 'repeat' }, start: number): ReadonlySet<number> => {
    let reached: ReadonlySet<number> = new Set([start])
    for (let times = 0; times < min; times++) reached = step(of, reached)
    const all = new Set(reached)
    for (let times = min; times < max && reached.size > 0; times++) {
      reached = new Set([...step(of, reached)].filter(end => !all.has(end)))
      for (const end of reached) all.add(end)
    }
    return all
  }
  return ends(part, 0).has(characters.length)
}
