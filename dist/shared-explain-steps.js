import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  describeSecret,
  describeValue,
  leavesOf,
  looksSecret
} from "./shared-describe.js";
import {
  referenceKey
} from "./shared-text.js";
import {
  formatDuration,
  oauth2Parts,
  startOf
} from "./shared-template.js";

// src/compile/explain-steps.ts
function serviceSteps(service, account, telling) {
  const scope = telling.scopes.of(service);
  const { authorization } = account;
  const headers = service.headers.map(headerPart);
  const parts = [...headers, { name: "server URL", value: service.serverUrl, use: "uri" }];
  const read = [
    ...secretSteps(accountParts(account), telling.scopes.of(account), telling),
    ...secretSteps(parts, scope, telling)
  ];
  const token = authorization.kind === "oauth2" ? tokenSteps(account, authorization.oauth2, telling) : [];
  const parameters = service.parameters.map((parameter) => parameterStep(parameter, service.place));
  const inject = [credentialStep(account, telling.scopes.of(account)), ...constantSteps(service, scope)];
  return [...parameters, ...unique(read), ...token, ...inject, ...sendSteps(service, scope, inject)];
}
function parameterStep({ name, pattern, default: value }, place) {
  const fallback = value === void 0 ? "given by the caller" : `by default ${value}`;
  return {
    step: "expand-template",
    text: `parameter ${name}, ${fallback}, pattern ${pattern}`,
    takes: [],
    gives: [`params.${name}`],
    from: originOf(place, "parameters", name)
  };
}
function bearerSteps(account, oauth2, telling) {
  const read = secretSteps(accountParts(account), telling.scopes.of(account), telling);
  return [...unique(read), ...tokenSteps(account, oauth2, telling)];
}
function unique(steps) {
  const seen = /* @__PURE__ */ new Map();
  for (const step of steps) {
    const key = JSON.stringify([step.text, step.from]);
    if (!seen.has(key) || step.account) seen.set(key, step);
  }
  return [...seen.values()];
}
function originOf(place, ...keys) {
  return isWritten(place, ...keys) ? startOf({ document: place.document, path: [...place.path, ...keys] }, "key") : "default";
}
function isWritten({ document, path }, ...keys) {
  let value = document.value;
  for (const key of [...path, ...keys]) value = value?.[key];
  return value !== void 0;
}
function headerPart({ name, value }) {
  const use = looksSecret(name) ? "secret" : "text";
  return { name: `value of ${name}`, label: `header ${name}`, value, use };
}
function accountParts({ authorization }) {
  switch (authorization.kind) {
    case "none":
      return [];
    case "basic":
      return [
        { name: "username", value: authorization.username, use: "text" },
        { name: "password", value: authorization.password, use: "secret" }
      ];
    case "oauth2":
      return partsOf(authorization.oauth2);
    default:
      return authorization.values.map(({ name, value }) => ({
        name: `value of ${name}`,
        label: `${authorization.kind} ${name}`,
        value,
        use: "secret"
      }));
  }
}
function partsOf(oauth2) {
  return oauth2Parts(oauth2).map(({ key, value, use }) => ({
    name: key === "accessTokenUri" ? "token endpoint" : key,
    value,
    use
  }));
}
function secretSteps(parts, scope, telling) {
  return parts.flatMap(({ name, label = name, value }) => {
    if (value.kind === "secret") return [secretStep(label, name, value, telling)];
    return leavesOf(value, scope).flatMap(
      (leaf) => leaf.secret ? [secretStep(leaf.name, leaf.name, leaf.secret, telling)] : []
    );
  });
}
function secretStep(label, name, value, telling) {
  const source = describeSecret(value);
  return {
    step: "resolve-secrets",
    text: `${label} from ${source}`,
    takes: [source],
    gives: [name],
    from: startOf(value.place, "key"),
    ...feederOf(value, telling)
  };
}
function feederOf({ reference }, telling) {
  const account = reference.kind === "account" ? telling.config.accounts.get(reference.account) : void 0;
  if (account?.authorization.kind !== "oauth2" || telling.told.has(referenceKey(reference))) return {};
  telling.told.add(referenceKey(reference));
  const steps = bearerSteps(account, account.authorization.oauth2, telling);
  return { account: { name: account.name, from: originOf(account.place), steps } };
}
function takenBy({ name, value }, scope) {
  return value.kind === "secret" ? [name] : leavesOf(value, scope).map((leaf) => leaf.name);
}
function tokenSteps(account, oauth2, telling) {
  const { place } = account;
  const scope = telling.scopes.of(account);
  const [endpoint, ...parts] = partsOf(oauth2);
  const at = (key) => originOf(place, key);
  const request = (text, key, takes, gives) => ({
    step: "request-token",
    text,
    takes,
    gives,
    from: at(key)
  });
  const texts = parts.filter(({ value, use }) => use === "text" && value.kind === "template");
  const names = parts.map(({ name }) => name);
  return [
    {
      step: "expand-template",
      text: `token endpoint ${describeValue(endpoint.value, scope, "uri")}`,
      takes: takenBy(endpoint, scope),
      gives: ["token endpoint"],
      from: at("accessTokenUri")
    },
    request(`grant ${oauth2.grant}`, "grant", ["token endpoint", ...names, "scope"], ["token response"]),
    ...texts.map(
      (part) => request(`${part.name} ${describeValue(part.value, scope, "text")}`, part.name, takenBy(part, scope), [part.name])
    ),
    request(describeClientAuth(oauth2), "clientAuthMethod", names.filter(isClient), []),
    request(oauth2.scope.length > 0 ? `scope ${oauth2.scope.join(" ")}` : "no scope", "scope", [], ["scope"]),
    ...describeRefresh(account, oauth2).map((text) => request(text, "refresh", [], [])),
    ...oauth2.keepWarm ? [request("fetched at start and always kept fresh", "keepWarm", [], [])] : [],
    request(`time limit ${formatDuration(oauth2.timeoutMs)}`, "timeout", [], []),
    {
      step: "pick-bearer",
      text: `${oauth2.bearerTokenType} of the response`,
      takes: ["token response"],
      gives: ["bearer"],
      from: at("bearerTokenType")
    }
  ];
}
function describeRefresh({ place }, { refresh, grant }) {
  if (grant === "client_credentials" && !isWritten(place, "refresh")) return [];
  const used = refresh === "auto" && grant !== "client_credentials";
  return [used ? "renewed by refresh token" : "renewed by the grant"];
}
function isClient(name) {
  return name.startsWith("client");
}
function describeClientAuth({ clientAuthMethod, basicEncoding }) {
  const encoding = clientAuthMethod === "client_secret_basic" ? `, ${basicEncoding} encoding` : "";
  return `client authentication ${clientAuthMethod}${encoding}`;
}
function credentialStep(account, scope) {
  const { authorization, place } = account;
  const at = originOf(place, "authorization");
  const header = (text, takes) => ({
    step: "inject",
    text: `header Authorization: ${text} [secret]`,
    takes,
    gives: ["header Authorization"],
    from: at
  });
  const parts = accountParts(account);
  switch (authorization.kind) {
    case "none":
      return { step: "inject", text: "nothing; the caller's own headers pass", takes: [], gives: [], from: at };
    case "basic":
      return header(
        "Basic",
        parts.flatMap((part) => part.value.kind === "secret" ? [part.name] : takenBy(part, scope))
      );
    case "oauth2":
      return header("Bearer", ["bearer"]);
    default: {
      const names = authorization.values.map(({ name }) => name);
      const what = authorization.kind === "header" ? "header" : "query parameter";
      return {
        step: "inject",
        text: `${what} ${names.join(", ")}`,
        takes: parts.flatMap((part) => takenBy(part, scope)),
        gives: names.map((name) => `${what} ${name}`),
        from: originOf(place, authorization.kind)
      };
    }
  }
}
function constantSteps(service, scope) {
  return service.headers.map((header) => {
    const part = headerPart(header);
    const shown = part.value.kind === "template" && part.use === "text";
    return {
      step: "inject",
      text: `header ${header.name}${shown ? `: ${describeValue(part.value, scope, "text")}` : ""}`,
      takes: takenBy(part, scope),
      gives: [`header ${header.name}`],
      from: originOf(service.place, "headers", header.name)
    };
  });
}
function sendSteps(service, scope, inject) {
  const url = { name: "server URL", value: service.serverUrl, use: "uri" };
  return [
    {
      step: "send",
      text: `server URL ${describeValue(service.serverUrl, scope, "uri")}`,
      takes: [...takenBy(url, scope), ...inject.flatMap(({ gives }) => gives)],
      gives: ["request"],
      from: originOf(service.place, "serverUrl")
    },
    {
      step: "send",
      text: `time limit ${formatDuration(service.timeoutMs)}`,
      takes: [],
      gives: [],
      from: originOf(service.place, "timeout")
    }
  ];
}

export {
  serviceSteps,
  unique,
  originOf,
  isWritten
};
