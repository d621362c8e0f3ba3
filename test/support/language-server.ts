// The YAML language server as an editor runs it: a process that speaks LSP on its two streams. It gets a folder, the text of
// a file in it, and a place in that text; it answers with completions, hover text and problems. No network.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface Completion {
  label: string
  insertText?: string
  documentation?: string | { value: string }
}

export interface Problem {
  message: string
  severity: number
  range: { start: { line: number; character: number } }
}

export interface Editor {
  /** `text` is the whole file; `|` in it is the cursor. */
  complete(text: string): Promise<Completion[]>
  hover(text: string): Promise<string>
  /** `name` places the file in the folder, for the schema that its modeline names. */
  problems(text: string, name?: string): Promise<Problem[]>
  close(): Promise<void>
}

interface Message {
  id?: number
  method?: string
  params?: unknown
  result?: unknown
  error?: { message: string }
}

/** The program of the package; undefined when it is not installed. */
export function languageServerPath(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve('yaml-language-server/package.json')
    return join(dirname(manifest), 'bin/yaml-language-server')
  } catch {
    return undefined
  }
}

/** Settings as an editor sends them; nothing is fetched. */
const SETTINGS = { yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false } } }

const CAPABILITIES = {
  textDocument: {
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    publishDiagnostics: {},
  },
}

export async function openEditor(program: string, folder: string): Promise<Editor> {
  const child = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const connection = connect(child)
  const { request, notify } = connection
  const rootUri = pathToFileURL(folder).href
  await request('initialize', { processId: process.pid, rootUri, capabilities: CAPABILITIES })
  notify('initialized', {})
  notify('workspace/didChangeConfiguration', { settings: SETTINGS })
  let opened = 0
  const open = (text: string, name = `file-${opened++}.yaml`) => {
    const uri = pathToFileURL(join(folder, name)).href
    notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } })
    return uri
  }
  const ask = async (method: string, marked: string) => {
    const { text, position } = cursorOf(marked)
    return request(method, { textDocument: { uri: open(text) }, position })
  }
  return {
    async complete(text) {
      const answer = (await ask('textDocument/completion', text)) as { items: Completion[] } | null
      return answer?.items ?? []
    },
    async hover(text) {
      const answer = (await ask('textDocument/hover', text)) as { contents: { value: string } } | null
      return answer?.contents.value ?? ''
    },
    problems: (text, name) => connection.problemsOf(open(text, name)),
    async close() {
      const ended = once(child, 'exit')
      await request('shutdown', null)
      notify('exit', null)
      child.stdin?.end()
      await ended
    },
  }
}

function cursorOf(marked: string): { text: string; position: { line: number; character: number } } {
  const before = marked.slice(0, marked.indexOf('|')).split('\n')
  return { text: marked.replace('|', ''), position: { line: before.length - 1, character: before.at(-1)!.length } }
}

function connect(child: ChildProcess) {
  const waiting = new Map<number, (message: Message) => void>()
  const problems = new Map<string, (found: Problem[]) => void>()
  let count = 0
  const send = (message: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  const receive = ({ id, method, params, ...answer }: Message) => {
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: Problem[] }
      problems.get(uri)?.(diagnostics)
    } else if (method !== undefined && id !== undefined) send({ id, result: replyTo(method, params) })
    else if (id !== undefined) waiting.get(id)?.(answer)
  }
  readMessages(child, receive)
  return {
    notify: (method: string, params: unknown) => send({ method, params }),
    request: (method: string, params: unknown) =>
      new Promise<unknown>((resolve, reject) => {
        const id = count++
        waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)))
        send({ id, method, params })
      }),
    problemsOf: (uri: string) => new Promise<Problem[]>(resolve => problems.set(uri, resolve)),
  }
}

/** What the server asks its editor. */
function replyTo(method: string, params: unknown): unknown {
  if (method !== 'workspace/configuration') return null
  return (params as { items: { section: string }[] }).items.map(({ section }) => SETTINGS[section as 'yaml'] ?? null)
}

/** Each message is a header with the length of the JSON behind it. */
function readMessages(child: ChildProcess, receive: (message: Message) => void): void {
  let rest = Buffer.alloc(0)
  child.stdout?.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const head = rest.indexOf('\r\n\r\n')
      const length = Number(/Content-Length: (\d+)/i.exec(rest.subarray(0, Math.max(head, 0)).toString())?.[1])
      if (head < 0 || rest.length < head + 4 + length) return
      const body = rest.subarray(head + 4, head + 4 + length).toString()
      rest = rest.subarray(head + 4 + length)
      receive(JSON.parse(body))
    }
  })
}
