// The ordered list of rules. A new rule is one file and one line here.
import { accountWithoutBearer } from './account-without-bearer.ts'
import { actionInput } from './action-input.ts'
import { assertionAudience } from './assertion-audience.ts'
import { authorizationEndpoint } from './authorization-endpoint.ts'
import { caller } from './caller.ts'
import { clientAssertion } from './client-assertion.ts'
import { credentialsInQuery } from './credentials-in-query.ts'
import { cycle } from './cycle.ts'
import { doubleSlash } from './double-slash.ts'
import { duplicateName } from './duplicate-name.ts'
import { exposedDaemon } from './exposed-daemon.ts'
import { idTokenWithoutUser } from './id-token-without-user.ts'
import { literalKey } from './literal-key.ts'
import { literalSecret } from './literal-secret.ts'
import { nestedParameter } from './nested-parameter.ts'
import { nestedVariable } from './nested-variable.ts'
import { parameter } from './parameter.ts'
import { parameterInScope } from './parameter-in-scope.ts'
import { parameterInUri } from './parameter-in-uri.ts'
import { passwordGrant } from './password-grant.ts'
import { publicClient } from './public-client.ts'
import { rawEncoding } from './raw-encoding.ts'
import { reservedHeader } from './reserved-header.ts'
import { reservedParameter } from './reserved-parameter.ts'
import { resource } from './resource.ts'
import type { Rule } from './rule.ts'
import { scopeSeparator } from './scope-separator.ts'
import { scopeValue } from './scope-value.ts'
import { secretPath } from './secret-path.ts'
import { sharedToken } from './shared-token.ts'
import { shellVariable } from './shell-variable.ts'
import { sink } from './sink.ts'
import { templateSyntax } from './template-syntax.ts'
import { templateVariable } from './template-variable.ts'
import { tokenResponse } from './token-response.ts'
import { unknownAccount } from './unknown-account.ts'
import { unknownField } from './unknown-field.ts'
import { unknownService } from './unknown-service.ts'
import { unusedAccount } from './unused-account.ts'
import { uri } from './uri.ts'
import { valueAsName } from './value-as-name.ts'

export const rules: readonly Rule[] = [
  duplicateName,
  unknownAccount,
  unknownService,
  accountWithoutBearer,
  unknownField,
  unusedAccount,
  cycle,
  templateSyntax,
  templateVariable,
  shellVariable,
  parameter,
  secretPath,
  sink,
  uri,
  parameterInUri,
  parameterInScope,
  doubleSlash,
  authorizationEndpoint,
  literalSecret,
  literalKey,
  valueAsName,
  passwordGrant,
  idTokenWithoutUser,
  publicClient,
  clientAssertion,
  assertionAudience,
  credentialsInQuery,
  scopeSeparator,
  scopeValue,
  rawEncoding,
  sharedToken,
  reservedHeader,
  reservedParameter,
  nestedParameter,
  nestedVariable,
  resource,
  tokenResponse,
  actionInput,
  exposedDaemon,
  caller,
]
