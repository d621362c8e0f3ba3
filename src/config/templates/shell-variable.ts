// `${NAME}` of shells, compose files and CI: nothing expands it here, and it would be sent as it is.

/** A default has an end: whoever looks for it to the end of a long text does so at each beginning. */
const SHELL_VARIABLE = /\$\{[A-Za-z_]\w*(?::?[-?+=][^}]{0,100})?\}/

/** The first one of a text, with what is said of it. */
export function shellVariable(text: string) {
  const found = SHELL_VARIABLE.exec(text)
  if (!found) return undefined
  const within = { start: found.index, end: found.index + found[0].length }
  return { within, message: 'this is not expanded: it would be sent as it is', hint: HINT }
}

const HINT = 'write `{{vars.NAME}}`, and the variable below `vars` as `NAME: { env: NAME }` or as its text'

/** Whether a text waits for something to expand it: it is nothing but a template of some tool or a reference in quotes, or holds a variable. */
export function isUnexpanded(text: string): boolean {
  return (
    SHELL_VARIABLE.test(text) ||
    /^(?:\{\{[^{}]*\}\}|<%=?[^<>%]*%>|\{\s*(?:env|file|exec|systemd|account)\s*:.*\})$/.test(text.trim())
  )
}
