import {
  describeInject,
  describeScopes,
  describeSecret,
  describeValue,
  leavesOf,
  looksSecret
} from "./shared-describe.js";
import {
  allowWords,
  retryWords,
  tokenResponseWords
} from "./shared-request-token.js";
import {
  rejectionWords
} from "./shared-jose.js";
import {
  referenceKey
} from "./shared-text.js";
import {
  startOf
} from "./shared-pattern.js";
import {
  formatSize
} from "./shared-size.js";
import {
  actionValues,
  connectionParts,
  constantParams,
  formatDuration,
  injectScope,
  oauth2Parts
} from "./shared-template.js";

// src/compile/explain/explained-step.ts
function originOf(place, ...keys) {
  return isWritten(place, ...keys) ? startOf({ document: place.document, path: [...place.path, ...keys] }, "key") : "default";
}
function isWritten(place, ...keys) {
  return writtenAt(place, ...keys) !== void 0;
}
function writtenAt({ document, path }, ...keys) {
  let value = document.value;
  for (const key of [...path, ...keys]) value = value?.[key];
  return value;
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

// src/compile/explain/explain-inject.ts
function explainInject(service, account, scopes) {
  const { authorization } = account;
  const ofAccount = authorization.kind === "oauth2" ? authorization.oauth2.inject : void 0;
  const rule = service.inject ?? ofAccount;
  if (!rule) return void 0;
  const owner = rule === ofAccount ? account : service;
  const scope = injectScope(scopes.of(owner), owner);
  const step = {
    step: "inject",
    text: describeInject(rule, scope),
    takes: leavesOf(rule.value, scope).map(({ name }) => name),
    gives: [`${rule.in === "header" ? "header" : "query parameter"} ${rule.name}`],
    from: startOf(rule.place, "key")
  };
  return { step, scope, part: { name: "inject", value: rule.value, use: "secret" } };
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

// src/compile/explain/explain-token.ts
function tokenSteps(account, oauth2, telling) {
  const { place } = account;
  const scope = telling.config.scopes.of(account);
  const all = partsOf(oauth2);
  const parts = all.filter((part) => !isServer(part) && !isScope(part));
  const at = (key) => originOf(place, ...key.split("."));
  const request = (text, key, takes, gives) => ({
    step: "request-token",
    text,
    takes,
    gives,
    from: at(key)
  });
  const texts = parts.filter(({ value }) => value.kind === "template");
  const names = parts.map(({ name }) => name);
  const settings = [...describeTokenRequest(oauth2.tokenRequest), ...describeRefreshSettings(oauth2)];
  const written = settings.filter(({ keys }) => isWritten(place, ...keys));
  const refreshed = names.filter(isRefresh);
  return [
    ...all.filter(isServer).map((part) => serverStep(part, oauth2, scope, at)),
    request(
      `grant ${oauth2.grant}`,
      "grant",
      ["token endpoint", ...names.filter((name) => !isRefresh(name) && !isRevocation(name)), "scope"],
      ["token response"]
    ),
    ...texts.map((part) => ({
      ...request(`${part.name} ${describeValue(part.value, scope, part.use)}`, "", takenBy(part, scope), [part.name]),
      from: startOf(part.value.place, "key")
    })),
    ...written.map(({ keys, value }) => ({
      ...request(`${keys.join(".")} ${value}`, "", [], []),
      from: originOf(place, ...keys)
    })),
    request(describeClientAuth(oauth2), "clientAuthMethod", names.filter(isClient), []),
    ...assertionWords(oauth2).map(({ key, text }) => ({
      ...request(`${key} ${text}`, "", [], []),
      from: originOf(place, ...key.split("."))
    })),
    ...dpopWords(oauth2).map((text) => request(text, "dpop", names.filter(isDpop), [])),
    scopeStep(oauth2, scope, at("scope")),
    ...describeRefresh(oauth2, isWritten(place, "refresh")).map((text) => request(text, "refresh", refreshed, [])),
    ...revokeWords(oauth2).map((text) => request(text, "revoke", names.filter(isRevocation), [])),
    ...oauth2.keepWarm ? [request("fetched at start and always kept fresh", "keepWarm", [], [])] : [],
    ...serverNameWords(oauth2).map((text) => request(text, "tls.serverName", [], [])),
    request(`time limit ${formatDuration(oauth2.timeoutMs)}`, "timeout", [], []),
    {
      step: "pick-bearer",
      text: `${oauth2.bearerTokenType} of the response`,
      takes: ["token response"],
      gives: ["bearer"],
      from: at("bearerTokenType")
    },
    ...tokenResponseWords(oauth2).map(({ key, text }) => ({
      ...request(text, key, [], []),
      step: "pick-bearer"
    }))
  ];
}
function isScope({ name }) {
  return name === "scope" || name.startsWith("scope.");
}
function scopeStep(oauth2, scope, from) {
  const shown = describeScopes(oauth2, scope);
  const takes = partsOf(oauth2).flatMap((part) => isScope(part) ? takenBy(part, scope) : []);
  return { step: "request-token", text: shown === "" ? "no scope" : `scope ${shown}`, takes, gives: ["scope"], from };
}
function isServer({ name }) {
  return name === "token endpoint" || name === "issuer";
}
function serverStep(part, oauth2, scope, at) {
  const url = describeValue(part.value, scope, "uri");
  const step = { step: "expand-template", takes: takenBy(part, scope) };
  if (part.name !== "issuer")
    return { ...step, text: `token endpoint ${url}`, gives: ["token endpoint"], from: at("accessTokenUri") };
  return oauth2.accessTokenUri ? { ...step, text: `expected issuer ${url}`, gives: ["issuer"], from: at("issuer") } : {
    ...step,
    text: `token endpoint from the metadata of issuer ${url}`,
    gives: ["token endpoint"],
    from: at("issuer")
  };
}
var WHEN = { on_removal: "when the account is removed", on_shutdown: "at removal, and when bearerd stops" };
function isRefresh(name) {
  return name.startsWith("refresh.");
}
function revokeWords({ revoke }) {
  return revoke === "never" ? [] : [`revoked ${WHEN[revoke]}`];
}
function isRevocation(name) {
  return name === "revocationUri";
}
function serverNameWords({ connection: { serverName } }) {
  return serverName === void 0 ? [] : [`server name ${serverName}`];
}
function dpopWords({ dpop }) {
  return dpop ? [`bound to a key (DPoP${dpop.alg === void 0 ? "" : `, ${dpop.alg}`})`] : [];
}
function isDpop(name) {
  return name === "dpop.key";
}
function isClient(name) {
  return name.startsWith("client");
}

// src/compile/explain/explain-steps.ts
function serviceSteps(service, account, telling) {
  const scope = telling.config.scopes.of(service);
  const { authorization } = account;
  const headers = service.headers.map(headerPart);
  const written = explainInject(service, account, telling.config.scopes);
  const url = { name: "server URL", value: service.serverUrl, use: "uri" };
  const parts = [...headers, url, ...connectionPartsOf(service)];
  const read = [
    ...secretSteps(accountParts(account), telling.config.scopes.of(account), telling),
    ...secretSteps(parts, scope, telling),
    ...written ? secretSteps([written.part], written.scope, telling) : []
  ];
  const token = authorization.kind === "oauth2" ? tokenSteps(account, authorization.oauth2, telling) : [];
  const parameters = service.parameters.map((parameter) => parameterStep(parameter, service.place));
  const credential = written?.step ?? credentialStep(account, telling.config.scopes.of(account));
  const inject = [credential, ...constantSteps(service, scope)];
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
  const read = secretSteps(accountParts(account), telling.config.scopes.of(account), telling);
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
  const told = (text, ...keys) => {
    return { step: "send", text, takes: [], gives: [], from: originOf(service.place, ...keys) };
  };
  return [
    {
      step: "send",
      text: `server URL ${describeValue(service.serverUrl, scope, "uri")}`,
      takes: [
        ...[url, ...connectionPartsOf(service)].flatMap((part) => takenBy(part, scope)),
        ...inject.flatMap(({ gives }) => gives)
      ],
      gives: ["request"],
      from: originOf(service.place, "serverUrl")
    },
    told(`time limit ${formatDuration(service.timeoutMs)}`, "timeout"),
    ...connectionWords(service, scope).map(([key, text]) => told(text, ...key.split("."))),
    ...service.listen === void 0 ? [] : [told(`also at ${service.listen}, without a prefix`, "listen")],
    ...service.allow ? [told(`only ${allowWords(service.allow)}`, "allow")] : [],
    ...service.reauthenticateOn ? [told(`token rejected: ${rejectionWords(service.reauthenticateOn)}`, "reauthenticateOn")] : [],
    ...service.retry ? [told(`repeated: ${retryWords(service.retry)}`, "retry")] : [],
    ...service.sinks.map(
      ({ path, format }, index) => told(`file ${path} always holds the credential (${format})`, "sinks", index)
    )
  ];
}
function connectionPartsOf({ connection }) {
  return connectionParts(connection).map(({ key, value, use }) => ({ name: `service ${key}`, value, use }));
}
function connectionWords({ connection }, scope) {
  const { serverName, proxy } = connection;
  const shown = connectionParts(connection).find(({ key, use }) => key === "proxy" && use === "text");
  return [
    ...serverName === void 0 ? [] : [["tls.serverName", `server name ${serverName}`]],
    ...shown && proxy ? [["proxy", `proxy ${describeValue(proxy, scope, "text")}`]] : []
  ];
}

// src/compile/explain/explain-action.ts
function explainAction(config, name) {
  const action = config.actions.get(name);
  if (!action) return void 0;
  const service = action.service === void 0 ? void 0 : config.services.get(action.service);
  const account = service && config.accounts.get(service.account);
  const opened = service && account ? serviceSteps(service, account, { config, told: /* @__PURE__ */ new Set() }) : [];
  const scope = config.scopes.ofAction(action);
  return {
    action: name,
    ...action.title !== void 0 && { title: action.title },
    from: originOf(action.place),
    ...service && account && { service: service.name, account: account.name, accountFrom: originOf(account.place) },
    steps: [
      ...unique(secretsOf(action, scope)),
      ...textSteps(action, scope),
      ...opened.filter(({ step }) => step !== "send"),
      ...sendSteps2(action),
      ...opened.filter(({ step }) => step === "send").map((step) => ({ ...step, takes: [], gives: [] }))
    ]
  };
}
function secretsOf(action, scope) {
  return actionValues(action).flatMap(({ value }) => {
    if (value.kind === "secret") return [secretStep2(String(value.place.path.at(-1)), value)];
    return leavesOf(value, scope).flatMap(({ name, secret }) => secret ? [secretStep2(name, secret)] : []);
  });
}
function secretStep2(name, value) {
  const source = describeSecret(value);
  const { document, path } = value.place;
  return {
    step: "resolve-secrets",
    text: `${name} from ${source}`,
    takes: [source],
    gives: [name],
    from: originOf({ document, path })
  };
}
function textSteps(action, scope) {
  const { target, headers, content, outputFileName, idempotencyKey, place } = action;
  const step = (text, values, gives, keys) => ({
    step: "expand-template",
    text,
    takes: [...new Set(values.flatMap((value) => leavesOf(value, scope).map(({ name }) => name)))],
    gives,
    from: originOf(place, ...keys)
  });
  const shown = (value) => describeValue(value, scope, "text");
  return [
    ...outputFileName ? [step(`output file name ${shown(outputFileName)}`, [outputFileName], ["file.outputName"], ["outputFileName"])] : [],
    step(`${target.kind} ${describeTarget(action, scope)}`, [target.value], [target.kind], [target.kind]),
    ...headers.map(
      (header) => step(
        `header ${describeNamed(header, scope)}`,
        [header.value],
        [`header ${header.name}`],
        ["headers", header.name]
      )
    ),
    step(describeContent(content, scope), contentValues(action), ["body"], ["content"]),
    step(
      `header Idempotency-Key: ${idempotencyKey ? shown(idempotencyKey) : "the id of the delivery"}`,
      idempotencyKey ? [idempotencyKey] : [],
      ["header Idempotency-Key"],
      ["idempotencyKey"]
    )
  ];
}
function contentValues(action) {
  return actionValues({ ...action, headers: [], vars: {} }).flatMap(
    ({ value, use, part }) => use === "text" && part === void 0 && value !== action.idempotencyKey ? [value] : []
  );
}
function describeTarget({ target }, scope) {
  return describeValue(target.value, scope, target.kind === "url" ? "uri" : "text");
}
function describeNamed({ name, value }, scope) {
  return looksSecret(name) ? name : `${name}: ${describeValue(value, scope, "text")}`;
}
function describeContent(content, scope) {
  const type = "contentType" in content && content.contentType !== void 0 ? `, ${content.contentType}` : "";
  switch (content.kind) {
    case "none":
      return "no body";
    case "file":
      return `body: the file itself${type}`;
    case "multipart": {
      const fields = content.fields.map((field) => describeNamed(field, scope));
      return `body: multipart form, file in field ${content.field}${type}${fields.length > 0 ? `; ${fields.join(", ")}` : ""}`;
    }
    case "text":
      return `body: text${type}`;
    case "json":
      return "body: JSON";
    case "form":
      return `body: form; ${content.fields.map((field) => describeNamed(field, scope)).join(", ")}`;
  }
}
function describeRetry({ attempts, minDelayMs, maxDelayMs, on }) {
  const statuses = on ? `, after ${on.join(", ")}` : "";
  return `${attempts} attempts, pauses from ${formatDuration(minDelayMs)} to ${formatDuration(maxDelayMs)}${statuses}`;
}
function sendSteps2({
  type,
  service,
  method,
  target,
  files,
  content,
  successStatus,
  keepResponseBytes,
  retry,
  place
}) {
  const send = (text, key, takes = [], gives = []) => ({
    step: "send",
    text,
    takes,
    gives,
    from: originOf(place, key)
  });
  const many = content.kind === "file" || content.kind === "multipart";
  return [
    send(type, "type"),
    send(
      service === void 0 ? `${method}, without a credential` : `${method}, with the credential of service ${service}`,
      "method",
      [target.kind, "body"],
      ["request"]
    ),
    ...many ? [send(files === "each" ? "one request a file" : "all files in one request", "files")] : [],
    send(`delivered with ${successStatus ? successStatus.join(", ") : "any 2xx"}`, "successStatus"),
    send(describeRetry(retry), "retry"),
    ...keepResponseBytes === void 0 ? [] : [send(`the answer is kept, up to ${formatSize(keepResponseBytes)}`, "keepResponse")]
  ];
}

export {
  assertionWords,
  describeTokenRequest,
  describeRefreshSettings,
  originOf,
  isWritten,
  writtenAt,
  serviceSteps,
  explainAction,
  contentValues,
  describeContent,
  describeRetry
};
