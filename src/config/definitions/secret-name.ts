// Which parameters and headers of a token request hold secrets, by their names.

/** Names whose texts are secrets, wherever a provider puts them. Kept narrow: a text below any other name is no finding. */
export function isSecretName(name: string): boolean {
  return /secret|passw|pwd$|passphrase|^authorization$|private_?key|api[_-]?key|(?:^|[_-])token$|[a-z]Token$/i.test(
    name,
  )
}
