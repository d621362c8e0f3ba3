// A value that must not leave: it prints, serialises and inspects as [secret] until someone asks for it by name.

const MASK = '[secret]'

/** Holds one secret text. Only `reveal()` gives it back; its callers are listed in test/architecture.test.ts. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK
  }
}

/** Every form in which a secret is likely to come back in a foreign text: plain, percent-encoded and form-encoded with either case of escapes, in HTML and in JSON, base64 and base64url. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8')
  const percent = encodeURIComponent(secret)
  const form = new URLSearchParams([['', secret]]).toString().slice(1)
  const written = [secret, percent, form]
  return [
    ...written,
    ...written.map(text => text.replace(/%[\dA-F]{2}/g, octet => octet.toLowerCase())),
    secret.replace(/[&<>"']/g, character => HTML_ESCAPES[character]!),
    JSON.stringify(secret).slice(1, -1),
    ...[bytes.toString('base64'), bytes.toString('base64url')],
  ]
}

const HTML_ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/**
 * Cleans a text that came from outside: printable ASCII only, every form of the given secrets replaced, at most
 * `maxLength` characters (RFC 6749 section 5.2 texts are untrusted; servers echo credentials).
 */
export function cleanForeignText(text: string, secrets: readonly Secret[], maxLength = 200): string {
  let cleaned = text
  const forms = secrets.flatMap(secret => formsOf(secret.reveal())).filter(form => form.length >= 4)
  // The longest first, so that a form that contains another one is replaced whole.
  for (const form of forms.sort((a, b) => b.length - a.length)) cleaned = cleaned.replaceAll(form, MASK)
  cleaned = cleaned.replace(/[^\x20-\x7e]+/g, ' ').trim()
  return cleaned.length > maxLength ? `${cleaned.slice(0, maxLength - 3)}...` : cleaned
}

/** Without the blanks around it. */
export function trimSecret(secret: Secret): Secret {
  return new Secret(secret.reveal().trim())
}

/** The text at a JSON pointer (RFC 6901) of a secret that is JSON; undefined when there is none. */
export function jsonMember(secret: Secret, pointer: string): Secret | undefined {
  try {
    let value: unknown = JSON.parse(secret.reveal())
    for (const key of pointer.split('/').slice(1))
      value = (value as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')]
    return typeof value === 'string' ? new Secret(value) : undefined
  } catch {
    return undefined
  }
}
