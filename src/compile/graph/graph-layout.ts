// Where everything of a graph stands in the SVG: three columns, each account beside the box of its services, each token host
// beside its accounts. Numbers are pixels; text is measured as columns of a monospaced font.
import type { Graph, GraphAccount, GraphService } from './graph.ts'

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface ServiceRow {
  service: GraphService
  /** Of the middle of the line. */
  y: number
}

export interface AccountBlock {
  account: GraphAccount
  box: Box
  /** Undefined for an account that no service uses. */
  services: { box: Box; rows: ServiceRow[] } | undefined
}

export interface Layout {
  width: number
  height: number
  /** Left edges of the text of services' names and hosts. */
  nameX: number
  hostX: number
  blocks: AccountBlock[]
  hosts: { name: string; box: Box }[]
}

export const CHAR = 7.3
export const ROW = 22
export const HEADER = 56
export const MARGIN = 24
const PADDING = 12
const GAP = 14
const LANE = 120
const ACCOUNT_HEIGHT = 44
const HOST_HEIGHT = 30
const LEGEND = 46
const MIN_WIDTH = 860

/** The longest text of each kind that is shown whole. */
export const MAX_CHARS = { name: 32, host: 42, account: 34 }

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** Columns that a text takes. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (WIDE.test(char) ? 2 : 1), 0)
}

/** At most so many columns, the last one an ellipsis when something is cut. */
export function fit(text: string, maxColumns: number): string {
  if (columnsOf(text) <= maxColumns) return text
  let cut = ''
  for (const char of text) {
    if (columnsOf(cut + char) >= maxColumns) break
    cut += char
  }
  return `${cut}…`
}

function widest(texts: readonly string[], maxColumns: number): number {
  return CHAR * Math.min(maxColumns, Math.max(4, ...texts.map(columnsOf)))
}

export function accountLabel({ name, inPlace }: GraphAccount): string {
  return inPlace ? `${name} (in place)` : name
}

/** An action has a row of its own below its service. */
function withActionRows(account: GraphAccount): GraphAccount {
  const services = account.services.flatMap(service => [
    service,
    ...(service.actions ?? []).map(({ request, ...action }) => ({
      ...action,
      name: `↳ ${action.name}`,
      host: request,
      takes: [],
    })),
  ])
  return { ...account, services }
}

export function layoutGraph({ accounts: plain, tokenHosts }: Graph): Layout {
  const accounts = plain.map(withActionRows)
  const services = accounts.flatMap(account => account.services)
  const nameWidth = widest(
    services.map(({ name }) => name),
    MAX_CHARS.name,
  )
  const hostWidth = widest(
    services.map(({ host }) => host),
    MAX_CHARS.host,
  )
  const nameX = MARGIN + PADDING
  const hostX = nameX + nameWidth + 2 * CHAR
  const servicesWidth = hostX + hostWidth + PADDING - MARGIN
  const labels = accounts.flatMap(account => [accountLabel(account), account.kind])
  const accountX = MARGIN + servicesWidth + LANE
  const accountWidth = widest(labels, MAX_CHARS.account) + 2 * PADDING
  const blocks = placeBlocks(accounts, { servicesWidth, accountX, accountWidth })
  const hostsX = accountX + accountWidth + LANE
  const hostsWidth = widest(tokenHosts, MAX_CHARS.host) + 2 * PADDING
  const hosts = tokenHosts.map(name => placeHost(name, blocks, { x: hostsX, width: hostsWidth }))
  const right = tokenHosts.length > 0 ? hostsX + hostsWidth : accountX + accountWidth
  const bottom = Math.max(
    HEADER,
    ...blocks.map(({ box, services: own }) => Math.max(bottomOf(box), own ? bottomOf(own.box) : 0)),
  )
  return {
    width: Math.max(MIN_WIDTH, Math.ceil(right + MARGIN)),
    height: Math.ceil(bottom + LEGEND + MARGIN),
    nameX,
    hostX,
    blocks,
    hosts,
  }
}

function bottomOf({ y, height }: Box): number {
  return y + height
}

interface Columns {
  servicesWidth: number
  accountX: number
  accountWidth: number
}

function placeBlocks(accounts: readonly GraphAccount[], columns: Columns): AccountBlock[] {
  let y = HEADER
  return accounts.map(account => {
    const listHeight = account.services.length === 0 ? 0 : account.services.length * ROW + PADDING
    const height = Math.max(listHeight, ACCOUNT_HEIGHT)
    const middle = y + height / 2
    const block = {
      account,
      box: { x: columns.accountX, y: middle - ACCOUNT_HEIGHT / 2, width: columns.accountWidth, height: ACCOUNT_HEIGHT },
      services:
        listHeight === 0
          ? undefined
          : placeServices(account.services, { middle, listHeight, width: columns.servicesWidth }),
    }
    y += height + GAP
    return block
  })
}

function placeServices(
  services: readonly GraphService[],
  { middle, listHeight, width }: { middle: number; listHeight: number; width: number },
): AccountBlock['services'] {
  const top = middle - listHeight / 2
  const rows = services.map((service, index) => ({ service, y: top + PADDING / 2 + (index + 0.5) * ROW }))
  return { box: { x: MARGIN, y: top, width, height: listHeight }, rows }
}

/** In the middle of its accounts, which stand together. */
function placeHost(name: string, blocks: readonly AccountBlock[], { x, width }: { x: number; width: number }) {
  const own = blocks.filter(({ account }) => account.tokenHost === name)
  const middle = (own[0]!.box.y + bottomOf(own.at(-1)!.box)) / 2
  return { name, box: { x, y: middle - HOST_HEIGHT / 2, width, height: HOST_HEIGHT } }
}
