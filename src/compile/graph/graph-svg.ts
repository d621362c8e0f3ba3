// A graph as one SVG file that needs nothing else: colours for light and dark, a title and a description for screen readers.
import { printable } from '../../diagnostics/render-human.ts'
import type { Graph } from './graph.ts'
import {
  type AccountBlock,
  accountLabel,
  type Box,
  CHAR,
  fit,
  HEADER,
  type Layout,
  layoutGraph,
  MARGIN,
  MAX_CHARS,
} from './graph-layout.ts'

const STYLE = `
    svg.bearerd { color-scheme: light dark; font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }
    svg.bearerd .ground { fill: #ffffff } svg.bearerd text { fill: #1f2328 } svg.bearerd .dim { fill: #59636e }
    svg.bearerd .head { font-weight: bold } svg.bearerd rect.service { fill: #f6f8fa; stroke: #b7c0c9 }
    svg.bearerd rect.account { fill: #ddf4ff; stroke: #0969da } svg.bearerd rect.host { fill: #dafbe1; stroke: #1a7f37 }
    svg.bearerd path { fill: none; stroke: #59636e; stroke-width: 1.3 } svg.bearerd path.feed { stroke: #bc4c00; stroke-dasharray: 5 4 }
    svg.bearerd marker path { fill: #59636e; stroke: none } svg.bearerd #feed-end path { fill: #bc4c00 }
    @media (prefers-color-scheme: dark) {
      svg.bearerd .ground { fill: #0d1117 } svg.bearerd text { fill: #f0f6fc } svg.bearerd .dim { fill: #9aa4ae }
      svg.bearerd rect.service { fill: #161b22; stroke: #4b535d }
      svg.bearerd rect.account { fill: #10233d; stroke: #4493f8 } svg.bearerd rect.host { fill: #0f2a1a; stroke: #3fb950 }
      svg.bearerd path { stroke: #9aa4ae } svg.bearerd path.feed { stroke: #f0883e }
      svg.bearerd marker path { fill: #9aa4ae } svg.bearerd #feed-end path { fill: #f0883e }
    }
  `

export function renderGraphSvg(graph: Graph): string {
  const layout = layoutGraph(graph)
  const { width, height } = layout
  const targets = targetsOf(layout)
  const open = `<svg xmlns="http://www.w3.org/2000/svg" class="bearerd" role="img" aria-labelledby="title description"`
  return [
    `${open} width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `  <title id="title">${escapeXml(titleOf(graph))}</title>`,
    `  <desc id="description">${escapeXml(descriptionOf(graph))}</desc>`,
    `  <style>${STYLE}</style>`,
    `  <defs>${arrowHead('end')}${arrowHead('feed-end')}</defs>`,
    `  <rect class="ground" width="${width}" height="${height}"/>`,
    ...heads(layout),
    ...layout.blocks.flatMap(block => edges(block, targets)),
    ...layout.blocks.flatMap(block => blockElements(block, layout)),
    ...layout.hosts.flatMap(({ name, box }) => [
      rectangle(box, 'host'),
      text(fit(name, MAX_CHARS.host), { x: box.x + 12, y: box.y + 19 }, { full: name }),
    ]),
    ...legend(layout),
    '</svg>\n',
  ].join('\n')
}

function escapeXml(value: string): string {
  const references: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  // Half of a surrogate pair is no character of XML.
  return printable(value)
    .toWellFormed()
    .replace(/[&<>"]/g, char => references[char]!)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

function titleOf({ accounts, tokenHosts }: Graph): string {
  const services = accounts.reduce((sum, account) => sum + account.services.length, 0)
  return [count(services, 'service'), count(accounts.length, 'account'), count(tokenHosts.length, 'token host')].join(
    ', ',
  )
}

/** What the picture says, in sentences. */
function descriptionOf({ accounts }: Graph): string {
  const sentences = accounts.map(account => {
    const opens = account.services.length > 0 ? account.services.map(({ name }) => name).join(', ') : 'no service'
    const tokens = account.tokenHost === undefined ? '' : `, with tokens from ${account.tokenHost}`
    const fed = account.fedBy.length > 0 ? `, fed by ${account.fedBy.join(', ')}` : ''
    return `Account ${accountLabel(account)} (${account.kind}) opens ${opens}${tokens}${fed}.`
  })
  return sentences.join(' ')
}

function arrowHead(id: string): string {
  const box = 'viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"'
  return `<marker id="${id}" ${box}><path d="M0 0L8 4L0 8z"/></marker>`
}

interface TextOptions {
  className?: string
  /** The whole text, as a tooltip where it says more. */
  full?: string
}

function text(value: string, at: { x: number; y: number }, { className, full }: TextOptions = {}): string {
  const attributes = `x="${round(at.x)}" y="${round(at.y)}"${className ? ` class="${className}"` : ''}`
  const tooltip = full !== undefined && full !== value ? `<title>${escapeXml(full)}</title>` : ''
  return `  <text ${attributes}>${tooltip}${escapeXml(value)}</text>`
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}

function rectangle({ x, y, width, height }: Box, className: string): string {
  const radius = className === 'host' ? 15 : 6
  return `  <rect class="${className}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`
}

function heads({ blocks, hosts }: Layout): string[] {
  const y = HEADER - 20
  const head = (value: string, x: number) => text(value, { x, y }, { className: 'head' })
  if (blocks.length === 0) return [head('no services', MARGIN)]
  const host = hosts[0] ? [head('Token hosts', hosts[0].box.x)] : []
  return [head('Services', MARGIN), head('Accounts', blocks[0]!.box.x), ...host]
}

function blockElements({ account, box, services }: AccountBlock, { nameX, hostX }: Layout): string[] {
  const label = accountLabel(account)
  const full = account.title === undefined ? label : `${label}: ${account.title}`
  const rows = (services?.rows ?? []).flatMap(({ service, y }) => {
    const whole = service.title === undefined ? service.name : `${service.name}: ${service.title}`
    return [
      text(fit(service.name, MAX_CHARS.name), { x: nameX, y: y + 4 }, { full: whole }),
      text(fit(service.host, MAX_CHARS.host), { x: hostX, y: y + 4 }, { className: 'dim', full: service.host }),
    ]
  })
  return [
    ...(services ? [rectangle(services.box, 'service')] : []),
    ...rows,
    rectangle(box, 'account'),
    text(fit(label, MAX_CHARS.account), { x: box.x + 12, y: box.y + 18 }, { full }),
    text(
      fit(account.kind, MAX_CHARS.account),
      { x: box.x + 12, y: box.y + 34 },
      { className: 'dim', full: account.kind },
    ),
  ]
}

function middleOf({ y, height }: Box): number {
  return y + height / 2
}

/** Where arrows end: boxes of accounts by their key, of hosts by their name. */
interface Targets {
  accounts: ReadonlyMap<string, Box>
  hosts: ReadonlyMap<string, Box>
}

function targetsOf({ blocks, hosts }: Layout): Targets {
  return {
    accounts: new Map(blocks.map(block => [block.account.key, block.box])),
    hosts: new Map(hosts.map(({ name, box }) => [name, box])),
  }
}

function edges({ account, box, services }: AccountBlock, { accounts, hosts }: Targets): string[] {
  const host = account.tokenHost === undefined ? undefined : hosts.get(account.tokenHost)
  const opens = services ? [curve(rightOf(services.box), leftOf(box), 'end')] : []
  const asks = host ? [curve(rightOf(box), leftOf(host), 'end')] : []
  const feeds = account.fedBy.map(key => loop(box, accounts.get(key)!))
  const takes = (services?.rows ?? []).flatMap(({ service, y }) =>
    service.takes.map(key =>
      curve({ x: services!.box.x + services!.box.width, y }, lowerLeftOf(accounts.get(key)!), 'feed-end'),
    ),
  )
  return [...opens, ...asks, ...feeds, ...takes]
}

interface Point {
  x: number
  y: number
}

function rightOf(box: Box): Point {
  return { x: box.x + box.width, y: middleOf(box) }
}

function leftOf(box: Box): Point {
  return { x: box.x, y: middleOf(box) }
}

/** Beside the place where the arrow of its own services ends. */
function lowerLeftOf(box: Box): Point {
  return { x: box.x, y: box.y + box.height - 8 }
}

function curve(from: Point, to: Point, end: 'end' | 'feed-end'): string {
  const bend = (to.x - from.x) / 2
  const className = end === 'feed-end' ? ' class="feed"' : ''
  const path = `M${point(from)}C${point({ x: from.x + bend, y: from.y })} ${point({ x: to.x - bend, y: to.y })} ${point(to)}`
  return `  <path${className} d="${path}" marker-end="url(#${end})"/>`
}

/** From one account to another one of the same column, around its left side. */
function loop(from: Box, to: Box): string {
  const below = to.y > from.y
  const start = { x: from.x, y: from.y + (below ? from.height - 8 : 8) }
  const target = { x: to.x, y: to.y + (below ? 8 : to.height - 8) }
  const bend = Math.min(90, 24 + Math.abs(target.y - start.y) / 6)
  const path = `M${point(start)}C${point({ x: start.x - bend, y: start.y })} ${point({ x: target.x - bend, y: target.y })} ${point(target)}`
  return `  <path class="feed" d="${path}" marker-end="url(#feed-end)"/>`
}

function point({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`
}

function legend({ blocks, height }: Layout): string[] {
  const y = height - MARGIN
  const feeds = blocks.some(
    ({ account }) => account.fedBy.length > 0 || account.services.some(({ takes }) => takes.length > 0),
  )
  const solid = 'opened by an account, which asks for tokens'
  const dashed = 'takes the bearer of another account as its secret'
  const second = MARGIN + 48 + CHAR * solid.length + 40
  const line = (x: number, end: 'end' | 'feed-end') => curve({ x, y: y - 4 }, { x: x + 36, y: y - 4 }, end)
  const first = [line(MARGIN, 'end'), text(solid, { x: MARGIN + 48, y }, { className: 'dim' })]
  return feeds ? [...first, line(second, 'feed-end'), text(dashed, { x: second + 48, y }, { className: 'dim' })] : first
}
