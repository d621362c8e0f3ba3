// Every diagnostic code with its page. A new code is one entry in the file of its family.
import { actionPages } from './action.ts'
import { clientAssertionPages } from './client-assertion.ts'
import type { CodePage } from './code-page.ts'
import { daemonPages } from './daemon.ts'
import { filePages } from './file.ts'
import { ignorePages } from './ignore.ts'
import { oauthPages } from './oauth.ts'
import { parametersPages } from './parameters.ts'
import { referencePages } from './reference.ts'
import { schemaPages } from './schema.ts'
import { scopePages } from './scope.ts'
import { secretsPages } from './secrets.ts'
import { sinksPages } from './sinks.ts'
import { templatePages } from './template.ts'
import { tokenRequestPages } from './token-request.ts'
import { tokenResponsePages } from './token-response.ts'
import { uriPages } from './uri.ts'
import { yamlPages } from './yaml.ts'

export type { CodePage } from './code-page.ts'

/** By family, in the order in which a file is checked. */
export const CODE_PAGES: readonly CodePage[] = [
  ...filePages,
  ...yamlPages,
  ...schemaPages,
  ...referencePages,
  ...templatePages,
  ...uriPages,
  ...parametersPages,
  ...secretsPages,
  ...sinksPages,
  ...oauthPages,
  ...scopePages,
  ...clientAssertionPages,
  ...tokenRequestPages,
  ...tokenResponsePages,
  ...actionPages,
  ...daemonPages,
  ...ignorePages,
]

export function codePage(code: string): CodePage | undefined {
  return CODE_PAGES.find(page => page.code === code)
}

/** Where the page of a code is on the web. */
export function helpUri(code: string): string {
  return `https://bearerd.dev/rules/${code}`
}
