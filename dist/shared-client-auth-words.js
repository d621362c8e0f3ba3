import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  leavesOf
} from "./shared-describe.js";
import {
  startOf
} from "./shared-pattern.js";
import {
  constantParams,
  formatDuration,
  oauth2Parts
} from "./shared-template.js";

// src/compile/explain/explained-step.ts
function originOf(place, ...keys) {
  return isWritten(place, ...keys) ? startOf({ document: place.document, path: [...place.path, ...keys] }, "key") : "default";
}
function isWritten({ document, path }, ...keys) {
  let value = document.value;
  for (const key of [...path, ...keys]) value = value?.[key];
  return value !== void 0;
}
function partsOf(oauth2) {
  return oauth2Parts(oauth2).map(({ key, value, use }) => ({
    name: key === "accessTokenUri" ? "token endpoint" : key,
    value,
    use
  }));
}
function takenBy({ name, value }, scope) {
  return value.kind === "secret" ? [name] : leavesOf(value, scope).map((leaf) => leaf.name);
}

// src/compile/explain/client-auth-words.ts
function describeClientAuth({ clientAuthMethod, basicEncoding, clientSecrets }) {
  const encoding = clientAuthMethod === "client_secret_basic" ? `, ${basicEncoding} encoding` : "";
  const count = clientSecrets.length;
  const order = count > 1 ? `, ${count} secrets in turn` : "";
  return `client authentication ${clientAuthMethod}${encoding}${order}`;
}
function assertionWords({ clientAssertion, signedAssertion }) {
  const words = (parent, assertion) => wordsOf(assertion).map(({ key, text }) => ({ key: `${parent}.${key}`, text }));
  const signed = signedAssertion && { kind: "signed", in: "body", ...signedAssertion };
  return [...words("clientAssertion", clientAssertion), ...words("assertion", signed)];
}
function wordsOf(assertion) {
  if (!assertion) return [];
  const word = (key, text) => text === void 0 ? [] : [{ key, text }];
  if (assertion.kind === "kept") return word("type", assertion.type);
  const members = assertion.claims.kind === "object" ? assertion.claims.members : [];
  return [
    ...word("alg", assertion.alg),
    ...word("typ", assertion.typ),
    ...word("in", assertion.in === "header" ? "header" : void 0),
    ...word("lifetime", formatDuration(assertion.lifetimeMs)),
    ...members.flatMap(([name, claim]) => word(`claims.${name}`, literalText(claim)))
  ];
}
function literalText(json) {
  if (json.kind === "text") return void 0;
  if (json.kind === "literal") return json.value === null ? "left out" : String(json.value);
  return json.kind === "list" ? `list of ${json.items.length}` : `mapping of ${json.members.length}`;
}

// src/compile/explain/describe-request.ts
function describeTokenRequest(settings) {
  const { method, format, names, scopeSeparator, grantType, clientIdInBody, params } = settings;
  const simple = {
    method,
    format,
    scopeSeparator: JSON.stringify(scopeSeparator),
    grantType,
    clientIdInBody: clientIdInBody === void 0 ? void 0 : String(clientIdInBody)
  };
  return [
    ...Object.entries(simple).flatMap(([key, value]) => value === void 0 ? [] : [setting([key], value)]),
    ...Object.entries(names).map(([standard, name]) => setting(["names", standard], name)),
    ...constantParams(params).map(({ path, constant }) => setting(["params", ...path], String(constant)))
  ];
}
function setting(keys, value) {
  return { keys: ["tokenRequest", ...keys], value };
}
function describeRefreshSettings({ refresh }) {
  if (typeof refresh === "string") return [];
  const constants = constantParams(refresh.params).map(({ path, constant }) => ({
    keys: ["refresh", "params", ...path],
    value: String(constant)
  }));
  return [...constants, { keys: ["refresh", "token"], value: refresh.token }];
}
function describeRefresh({ refresh, grant }, written) {
  if (typeof refresh === "object") return ["renewed by refresh token, in a request of its own"];
  if (grant === "client_credentials" && !written) return [];
  const used = refresh === "auto" && grant !== "client_credentials";
  return [used ? "renewed by refresh token" : "renewed by the grant"];
}

export {
  describeClientAuth,
  assertionWords,
  describeTokenRequest,
  describeRefreshSettings,
  describeRefresh,
  originOf,
  isWritten,
  partsOf,
  takenBy
};
