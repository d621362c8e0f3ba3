// Source files -> what the rules of architecture need to know about each: imports, calls, functions, as facts with line numbers.
// Types are blanked out first, with every position kept; so the syntax tree shows what runs.
import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { type AnyNode, type Function as FunctionNode, type ImportDeclaration, type Program, parse } from 'acorn'
import { ancestor, simple } from 'acorn-walk'

export interface Import {
  line: number
  /** As written: `node:fs`, `ky`, `../base/clock.ts`. */
  specifier: string
  /** A relative import's file from the root of the repository. */
  file: string | undefined
  /** Imported names; `*` for all of them. */
  names: string[]
  /** Gone at run time. */
  typeOnly: boolean
}

/** Something the code names or does: `process`, `Date.now`, `new Date()`, `.reveal()`. */
export interface Use {
  line: number
  name: string
}

export interface FunctionFact {
  line: number
  name: string
  lines: number
  parameters: number
  /** Blocks of if, loops, switch and try inside each other. */
  nesting: number
}

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  path: string
  lines: number
  imports: Import[]
  uses: Use[]
  functions: FunctionFact[]
  defaultExports: number[]
}

/** Every TypeScript file below a folder of the repository. */
export function readSourceTree(root: string, folder: string): SourceFile[] {
  const paths = globSync(`${folder}/**/*.ts`, { cwd: root }).map(path => path.replaceAll('\\', '/'))
  return paths.sort().map(path => readSource(path, readFileSync(join(root, path), 'utf8')))
}

export function readSource(path: string, source: string): SourceFile {
  const code = stripTypeScriptTypes(source)
  const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true, allowHashBang: true })
  return {
    path,
    lines: source.trimEnd().split('\n').length,
    imports: [...runtimeImports(path, tree), ...typeImports(path, source)].sort((a, b) => a.line - b.line),
    uses: findUses(tree),
    functions: findFunctions(tree),
    defaultExports: findDefaultExports(tree),
  }
}

function lineOf(node: AnyNode): number {
  return node.loc?.start.line ?? 0
}

function resolveRelative(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? join(dirname(from), specifier).replaceAll('\\', '/') : undefined
}

function runtimeImports(path: string, tree: Program): Import[] {
  const found: Import[] = []
  const add = (node: AnyNode, source: AnyNode | null | undefined, names: string[]): void => {
    if (source?.type !== 'Literal' || typeof source.value !== 'string') return
    const specifier = source.value
    found.push({ line: lineOf(node), specifier, file: resolveRelative(path, specifier), names, typeOnly: false })
  }
  simple(tree, {
    ImportDeclaration: node => add(node, node.source, importedNames(node)),
    ExportNamedDeclaration: node => add(node, node.source, ['*']),
    ExportAllDeclaration: node => add(node, node.source, ['*']),
    ImportExpression: node => add(node, node.source, ['*']),
  })
  return found
}

function importedNames(node: ImportDeclaration): string[] {
  return node.specifiers.map(specifier => {
    if (specifier.type !== 'ImportSpecifier') return '*'
    return specifier.imported.type === 'Identifier' ? specifier.imported.name : String(specifier.imported.value)
  })
}

function typeImports(path: string, source: string): Import[] {
  const pattern = /^(?:import|export) type [^'"]*?from '([^']+)'/gm
  return [...source.matchAll(pattern)].map(match => {
    const [text, specifier = ''] = match
    const line = source.slice(0, match.index).split('\n').length
    return { line, specifier, file: resolveRelative(path, specifier), names: text.match(/\w+/g) ?? [], typeOnly: true }
  })
}

/** Global names with the member taken from them, `new` of them without arguments, and called methods. */
function findUses(tree: Program): Use[] {
  const scopes = findScopes(tree)
  const uses: Use[] = []
  const add = (node: AnyNode, name: string): void => void uses.push({ line: lineOf(node), name })
  ancestor(tree, {
    Identifier(node, _state, ancestors) {
      if (ancestors.some(scope => scopes.get(scope)?.has(node.name))) return
      const parent = ancestors.at(-2)
      add(node, node.name)
      if (parent?.type === 'MemberExpression' && parent.object === node && parent.property.type === 'Identifier') {
        add(node, `${node.name}.${parent.property.name}`)
      }
      if (parent?.type === 'NewExpression' && parent.callee === node && parent.arguments.length === 0) {
        add(node, `new ${node.name}()`)
      }
    },
    MemberExpression(node, _state, ancestors) {
      const parent = ancestors.at(-2)
      const isCalled = parent?.type === 'CallExpression' && parent.callee === node
      if (isCalled && node.property.type === 'Identifier') add(node.property, `.${node.property.name}()`)
    },
  })
  return uses
}

/** The names that the module and each function bind: none of them is a global within it. */
function findScopes(tree: Program): Map<AnyNode, Set<string>> {
  const scopes = new Map<AnyNode, Set<string>>([[tree, new Set()]])
  const bind = (ancestors: readonly AnyNode[], name: string): void => {
    const scope = ancestors.findLast(node => isFunction(node) || node.type === 'Program') ?? tree
    scopes.set(scope, (scopes.get(scope) ?? new Set()).add(name))
  }
  const visitors = {
    // acorn-walk's name for an identifier that a declaration or a parameter binds.
    VariablePattern: (node: { name: string }, _state: unknown, ancestors: AnyNode[]) => bind(ancestors, node.name),
    ImportDeclaration: (node: ImportDeclaration) => {
      for (const { local } of node.specifiers) bind([tree], local.name)
    },
  }
  ancestor(tree, visitors as object)
  return scopes
}

function isFunction(node: AnyNode): boolean {
  return node.type.includes('Function')
}

function findFunctions(tree: Program): FunctionFact[] {
  const facts: FunctionFact[] = []
  const add = (node: AnyNode, ancestors: AnyNode[]): void => {
    const { loc, params } = node as FunctionNode
    const lines = loc ? loc.end.line - loc.start.line + 1 : 0
    facts.push({
      line: lineOf(node),
      name: nameOf(ancestors),
      lines,
      parameters: params.length,
      nesting: nestingOf(node),
    })
  }
  ancestor(tree, {
    Function: (node, _state, ancestors) => add(node as AnyNode, ancestors),
  })
  return facts
}

function nameOf(ancestors: readonly AnyNode[]): string {
  for (const node of [ancestors.at(-1), ancestors.at(-2)]) {
    const named = node as { id?: AnyNode | null; key?: AnyNode } | undefined
    const name = named?.id ?? named?.key
    if (name?.type === 'Identifier') return name.name
  }
  return 'anonymous function'
}

const BLOCK_OWNERS = new Set([
  'IfStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
  'SwitchStatement',
  'TryStatement',
])

/** The deepest nesting within a function itself; functions inside it count on their own, `else if` as its `if`. */
function nestingOf(root: AnyNode): number {
  const depthOf = (node: AnyNode, parent: AnyNode): number => {
    if (isFunction(node)) return 0
    const isElseIf = node.type === 'IfStatement' && parent.type === 'IfStatement' && parent.alternate === node
    const own = BLOCK_OWNERS.has(node.type) && !isElseIf ? 1 : 0
    return own + deepest(node, depthOf)
  }
  return deepest(root, depthOf)
}

function deepest(node: AnyNode, depthOf: (child: AnyNode, parent: AnyNode) => number): number {
  const children = Object.values(node).flat().filter(isNode)
  return Math.max(0, ...children.map(child => depthOf(child, node)))
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function findDefaultExports(tree: Program): number[] {
  const lines: number[] = []
  simple(tree, {
    ExportDefaultDeclaration: node => void lines.push(lineOf(node)),
    ExportSpecifier: node => {
      if (node.exported.type === 'Identifier' && node.exported.name === 'default') lines.push(lineOf(node))
    },
  })
  return lines
}
