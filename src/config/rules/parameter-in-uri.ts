// Defaults that cannot stand where a URI uses their parameter, and patterns that let nothing through that could be in a host.
import { at } from '../definitions/value.ts'
import type { Account, Place, Service } from '../model/model.ts'
import { compilePattern } from '../templates/pattern.ts'
import { constantsOf, type Params, parametersOf, type Scopes } from '../templates/scope.ts'
import { parseTemplate, type TemplatePart } from '../templates/template.ts'
import { analyzeUri, HOST_CHARACTERS, type UriTemplate } from '../templates/uri-template.ts'
import type { ConfigurationRule, Finding, Part } from './rule.ts'

export const parameterInUri: ConfigurationRule<UsedUri> = {
  scope: 'configuration',
  codes: ['uri/host-from-value', 'uri/invalid'],
  severity: 'error',
  gather: urisWithParameters,
  check(draft, report, uris) {
    if (uris.length === 0) return
    const told = new Set<string>()
    const usesOf = (owner: Account | Service) => ('authorization' in owner ? draft.parameters.users(owner) : [owner])
    for (const uri of uris) {
      const faults = usesOf(uri.owner).flatMap(service => faultsOf(service, uri, draft.scopes))
      for (const { key, ...finding } of faults.filter(fault => !told.has(fault.key))) {
        report(finding)
        told.add(key)
      }
    }
  },
}

function urisWithParameters({ values }: Part): UsedUri[] {
  return values.flatMap(({ value, use, owner }) => {
    if (use !== 'uri' || value.kind !== 'template' || !owner || 'target' in owner) return []
    const parsed = parseTemplate(value.text)
    if (!parsed.ok || !parsed.variables.some(({ name }) => name.startsWith('params.'))) return []
    return [{ parts: parsed.parts, place: value.place, owner }]
  })
}

interface UsedUri {
  parts: readonly TemplatePart[]
  place: Place
  owner: Account | Service
}

function faultsOf(service: Service, uri: UsedUri, scopes: Scopes): (Finding & { key: string })[] {
  const analyze = (params: Params) => analyzeWith(params, uri, scopes)
  const general = analyze({})
  if (!general.ok) return []
  return service.parameters.flatMap(({ name, pattern, default: value }) => {
    const compiled = compilePattern(pattern)
    // What is wrong with them is told elsewhere.
    if ('fault' in compiled || (value !== undefined && !compiled.pattern.matches(value))) return []
    const related = [{ place: uri.place, message: 'stands here' }]
    const report = (key: string, finding: Pick<Finding, 'code' | 'message' | 'hint'>) => ({
      key: `${service.name} ${name} ${key}`,
      place: at(service.place, 'parameters', name, key),
      related,
      ...finding,
    })
    if (isInHost(general.value, `params.${name}`) && !compiled.pattern.acceptsSomeOf(HOST_CHARACTERS))
      return [report('pattern', NO_LABELS)]
    const filled = value === undefined ? general : analyze({ [name]: value })
    return filled.ok ? [] : [report('default', unusable(filled.fault))]
  })
}

function analyzeWith(params: Params, { parts, owner }: UsedUri, scopes: Scopes) {
  const scope = scopes.of(owner, { params, accountKey: name => name })
  return analyzeUri(parts, constantsOf(scope), parametersOf(scope))
}

function isInHost({ parts }: UriTemplate, variable: string): boolean {
  return parts.some(
    part =>
      part.kind === 'expression' &&
      part.position === 'authority' &&
      part.expression.kind === 'variable' &&
      part.expression.name === variable,
  )
}

const NO_LABELS = {
  message: 'no value that matches can stand in a host',
  hint: 'host labels are letters, digits and hyphens, with dots between them',
}

function unusable({ code, message }: { code: string; message: string }): Pick<Finding, 'code' | 'message' | 'hint'> {
  if (code === 'uri/host-from-value')
    return { code, message: 'this default cannot stand in a host', hint: 'host labels can, such as `eu` or `api.crm`' }
  return {
    code,
    message: `with this default the URI cannot be used: ${message}`,
    hint: 'every request without a value would fail',
  }
}
