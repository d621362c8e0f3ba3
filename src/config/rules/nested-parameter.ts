// Mappings among the parameters of a token request that has no JSON to put them into.
import type { Param } from '../model/model.ts'
import type { PartRule } from './rule.ts'

export const nestedParameter: PartRule = {
  scope: 'part',
  codes: ['oauth/nested-parameter'],
  severity: 'error',
  check(part, report) {
    for (const { authorization } of part.accounts) {
      if (authorization.kind !== 'oauth2' || authorization.oauth2.tokenRequest.format === 'json') continue
      const { params, format } = authorization.oauth2.tokenRequest
      for (const { name, param } of params) {
        if (!isNested(param)) continue
        report({
          place: param.place,
          part: 'key',
          message: `\`${name}\` is nested, which only JSON can be: this request is a ${format}`,
          hint: 'say `format: json`, or give it a text, a number, a reference or a plain list',
        })
      }
    }
  },
}

function isNested(param: Param): boolean {
  if (param.kind === 'mapping') return true
  return param.kind === 'list' && param.items.some(item => item.kind === 'list' || isNested(item))
}
