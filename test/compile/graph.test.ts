// The picture of a configuration: its parts, the three languages against stored files, and that no text lies on another.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { buildGraph, type Graph } from '../../src/compile/graph/graph.ts'
import { renderGraphDot } from '../../src/compile/graph/graph-dot.ts'
import { CHAR, columnsOf, fit, layoutGraph } from '../../src/compile/graph/graph-layout.ts'
import { renderGraphMermaid } from '../../src/compile/graph/graph-mermaid.ts'
import { renderGraphSvg } from '../../src/compile/graph/graph-svg.ts'
import { compareGolden } from '../support/golden.ts'
import { parseXml } from '../support/xml.ts'
import { ACCOUNT, compileYaml } from './compiled.ts'

const FOLDER = join(import.meta.dirname, '../golden/graph')
const RENDERERS = { mermaid: renderGraphMermaid, dot: renderGraphDot, svg: renderGraphSvg }
const FILE_NAMES = { mermaid: 'mmd', dot: 'dot', svg: 'svg' }

function graphOf(definition: Record<string, unknown>): Graph {
  return buildGraph(compileYaml(JSON.stringify({ version: 1, ...definition })).config)
}

for (const name of ['small', 'hostile']) {
  const graph = buildGraph(compileYaml(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8')).config)
  for (const [format, render] of Object.entries(RENDERERS)) {
    test(`graph: ${name} as ${format}`, () => {
      const text = render(graph)
      assert.not.match(text, /fake-literal/)
      if (format === 'svg') parseXml(`<?xml version="1.0" encoding="UTF-8"?>${text.trim()}`)
      assert.not.match(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
      compareGolden(`graph/${name}.${FILE_NAMES[format as keyof typeof FILE_NAMES]}`, text)
    })
  }
}

test('who opens, feeds and takes what', () => {
  const { accounts, tokenHosts } = graphOf({
    vars: { region: 'eu', bearer: { account: 'a' } },
    accounts: {
      a: { ...ACCOUNT, accessTokenUri: 'https://login.{{vars.region}}.example:8443/token' },
      b: { ...ACCOUNT, clientSecret: { account: 'a' } },
      c: { ...ACCOUNT, clientId: '{{vars.bearer}}' },
    },
    services: {
      one: { account: 'b', serverUrl: 'https://one.example/x', headers: { 'X-A': '{{vars.bearer}}' } },
      two: { account: { authorization: 'none' }, serverUrl: 'https://{{vars.region}}.two.example' },
      three: { account: 'a', serverUrl: 'https://three.example' },
      four: { account: 'c', serverUrl: 'https://four.example' },
    },
  })
  assert.equal(tokenHosts, ['id.example', 'login.eu.example:8443'])
  assert.equal(
    accounts.map(({ name, kind, tokenHost, fedBy, services }) => [name, kind, tokenHost, fedBy, services]),
    [
      ['b', 'client_credentials', 'id.example', ['a'], [{ name: 'one', host: 'one.example', takes: ['a'] }]],
      ['c', 'client_credentials', 'id.example', ['a'], [{ name: 'four', host: 'four.example', takes: [] }]],
      ['a', 'client_credentials', 'login.eu.example:8443', [], [{ name: 'three', host: 'three.example', takes: [] }]],
      ['two', 'none', undefined, [], [{ name: 'two', host: 'eu.two.example', takes: [] }]],
    ],
  )
})

test('a host that is known only at run time is its expression', () => {
  const vars = { base: { env: 'BASE' }, label: { env: 'LABEL' } }
  const { accounts, tokenHosts } = graphOf({
    vars,
    accounts: { a: { ...ACCOUNT, accessTokenUri: '{{vars.base}}/token' } },
    services: { s: { account: 'a', serverUrl: 'https://{{vars.label}}.api.example/v1' } },
  })
  assert.equal(tokenHosts, ['{{vars.base}}'])
  assert.is(accounts[0]!.services[0]!.host, '{{vars.label}}.api.example')
})

test('an empty configuration is a picture too', () => {
  const graph = graphOf({})
  for (const render of Object.values(RENDERERS)) assert.ok(render(graph).length > 10)
  assert.match(renderGraphSvg(graph), 'no services')
})

/** 100 services on 12 accounts and a few in place, names up to the longest. */
function hundred(): Graph {
  const names = Array.from({ length: 12 }, (_, index) => `account-${index}${'-lon'.repeat(index)}`)
  const host = (index: number) => `https://${'identity.'.repeat(index % 5)}host${index % 5}.example/token`
  const accounts = names.map((name, index) => {
    const feeder = index % 4 === 3 ? { clientSecret: { account: names[index - 3] } } : {}
    return [name, { ...ACCOUNT, accessTokenUri: host(index), ...feeder }]
  })
  const services = Array.from({ length: 100 }, (_, index) => {
    const account = index % 20 === 7 ? { authorization: 'none' } : names[(index * index) % 12]
    const name = `service-${index}-${'name'.repeat(index % 14)}`
    return [name, { account, serverUrl: `https://api${index}.${'company.'.repeat(index % 7)}example` }]
  })
  return graphOf({ accounts: Object.fromEntries(accounts), services: Object.fromEntries(services) })
}

interface Area {
  what: string
  left: number
  right: number
  top: number
  bottom: number
}

function attribute(tag: string, name: string): number {
  return Number(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1])
}

function textAreas(svg: string): Area[] {
  return [...svg.matchAll(/<text ([^>]*)>(?:<title>[^<]*<\/title>)?([^<]*)<\/text>/g)].map(([tag, , text]) => {
    const [x, y] = [attribute(tag, 'x'), attribute(tag, 'y')]
    return { what: text!, left: x, right: x + columnsOf(text!) * CHAR, top: y - 11, bottom: y + 3 }
  })
}

function boxAreas(svg: string): Area[] {
  return [...svg.matchAll(/<rect class="(?!ground)(\w+)"[^>]*>/g)].map(([tag, what]) => {
    const [x, y] = [attribute(tag, 'x'), attribute(tag, 'y')]
    return { what: what!, left: x, right: x + attribute(tag, 'width'), top: y, bottom: y + attribute(tag, 'height') }
  })
}

function overlaps(areas: readonly Area[]): string[] {
  return areas.flatMap((a, index) =>
    areas
      .slice(index + 1)
      .filter(b => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map(b => `${a.what} on ${b.what}`),
  )
}

test('svg: with 100 services no text lies on another, no box on another, and nothing leaves the picture', () => {
  const svg = renderGraphSvg(hundred())
  const [texts, boxes] = [textAreas(svg), boxAreas(svg)]
  assert.ok(texts.length > 220)
  assert.equal(overlaps(texts), [])
  assert.equal(overlaps(boxes), [])
  const [width, height] = [attribute(svg, 'width'), attribute(svg, 'height')]
  assert.equal(
    [...texts, ...boxes].filter(
      ({ left, right, top, bottom }) => left < 0 || top < 0 || right > width || bottom > height,
    ),
    [],
  )
})

test('svg: every text of a box stays in it', () => {
  const svg = renderGraphSvg(hundred())
  const boxes = boxAreas(svg)
  const outside = textAreas(svg).filter(text => {
    const box = boxes.find(
      ({ left, right, top, bottom }) =>
        left < text.left && text.left < right && top < text.top + 5 && text.top + 5 < bottom,
    )
    return box && (text.right > box.right || text.bottom > box.bottom || text.top < box.top)
  })
  assert.equal(outside, [])
})

test('svg: well-formed, with a title and a description that says everything', () => {
  const graph = hundred()
  const svg = renderGraphSvg(graph)
  parseXml(`<?xml version="1.0" encoding="UTF-8"?>${svg.trim()}`)
  assert.match(svg, '<title id="title">100 services, 17 accounts, 5 token hosts</title>')
  const description = /<desc id="description">([^<]*)<\/desc>/.exec(svg)![1]!
  for (const { services } of graph.accounts) for (const { name } of services) assert.ok(description.includes(name))
})

test('svg: token hosts stand in the middle of their accounts', () => {
  const { blocks, hosts } = layoutGraph(hundred())
  for (const { name, box } of hosts) {
    const own = blocks.filter(({ account }) => account.tokenHost === name).map(block => block.box.y)
    assert.ok(box.y >= Math.min(...own) && box.y <= Math.max(...own) + 44)
  }
})

test('a text is cut by columns, of which wide characters take two', () => {
  assert.is(fit('abcdef', 6), 'abcdef')
  assert.is(fit('abcdefg', 6), 'abcde…')
  assert.is(fit('日本語日本語', 6), '日本…')
  assert.is(columnsOf('日本a'), 5)
})

test('mermaid: 100 services are few nodes', () => {
  const nodes = renderGraphMermaid(hundred()).match(/^ {2}\w+[([]/gm)!
  assert.ok(nodes.length <= 2 * 17 + 5, `${nodes.length}`)
})

test('dot is accepted by Graphviz, where that is installed', () => {
  const hostile = buildGraph(compileYaml(readFileSync(join(FOLDER, 'hostile.yaml'), 'utf8')).config)
  for (const graph of [hundred(), hostile, graphOf({})]) {
    const { error, status, stderr } = spawnSync('dot', ['-Tcanon'], { input: renderGraphDot(graph), encoding: 'utf8' })
    if (!error) assert.equal([status, stderr], [0, ''])
  }
})

test.run()
