import {
  assertionWords,
  contentValues,
  describeContent,
  describeRefreshSettings,
  describeRetry,
  describeTokenRequest,
  isWritten,
  originOf,
  writtenAt
} from "./shared-explain-steps.js";
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
  compilePlan,
  compileScopes,
  retryWords,
  tokenResponseWords
} from "./shared-request-token.js";
import {
  rejectionWords
} from "./shared-jose.js";
import {
  compileText,
  referenceKey
} from "./shared-text.js";
import "./shared-file-name.js";
import "./shared-pattern.js";
import {
  formatSize
} from "./shared-size.js";
import {
  connectionParts,
  definitionScopes,
  formatDuration,
  injectScope,
  oauth2Parts,
  refreshScope
} from "./shared-template.js";
import "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import "./shared-error.js";
import "./shared-runtime.js";

// src/compile/explain/explain-diff.ts
import { relative as relative2 } from "node:path";

// src/compile/explain/facts.ts
function serviceFacts(service, account, scope) {
  const { place } = service;
  const named = account.key === account.name ? account.name : "in place";
  return [
    plainFact("account", named, isWritten(place, "account")),
    valueFact("serverUrl", service.serverUrl, scope, "uri"),
    ...durationFact("timeout", service.timeoutMs, place),
    ...optionalFact("timeoutMessage", service.timeoutMessage, place),
    ...optionalFact("healthCheck", service.healthCheck, place),
    ...optionalFact("title", service.title, place),
    ...flagFact("allowHttp", service.allowHttp, place),
    ...service.headers.map((header) => headerFact(header, scope)),
    ...service.listen === void 0 ? [] : [plainFact("listen", service.listen, true)],
    ...service.allow ? [plainFact("allow", allowWords(service.allow), true)] : [],
    ...connectionParts(service.connection).map(({ key, value, use }) => valueFact(key, value, scope, use)),
    ...optionalFact("tls.serverName", service.connection.serverName, place),
    ...service.reauthenticateOn ? [plainFact("reauthenticateOn", rejectionWords(service.reauthenticateOn), true)] : [],
    ...service.retry ? [plainFact("retry", retryWords(service.retry), true)] : [],
    ...service.sinks.map(
      ({ path, format, mode }) => plainFact(`sink ${path}`, `${format}, mode ${mode.toString(8).padStart(4, "0")}`, true)
    ),
    ...service.parameters.map(({ name, pattern, default: value }) => {
      const shown = value === void 0 ? pattern : `${pattern}, default ${value}`;
      return plainFact(`parameter ${name}`, shown, true);
    }),
    ...service.parameters.length > 0 ? [plainFact("parameterLimit", String(service.parameterLimit), isWritten(place, "parameterLimit"))] : [],
    ...injectFact(service.inject, injectScope(scope, service))
  ];
}
function headerFact({ name, value }, scope) {
  const use = looksSecret(name) ? "secret" : "text";
  return valueFact(`header ${name}`, value, scope, use);
}
function accountFacts(account, scope) {
  const { authorization, place } = account;
  const kind = plainFact("authorization", authorization.kind, isWritten(place, "authorization"));
  switch (authorization.kind) {
    case "none":
      return [kind];
    case "oauth2":
      return [kind, ...oauth2Facts(account, authorization.oauth2, scope)];
    case "basic":
      return [
        kind,
        valueFact("username", authorization.username, scope, "text"),
        valueFact("password", authorization.password, scope, "secret")
      ];
    default: {
      const facts = authorization.values.map(
        ({ name, value }) => valueFact(`${authorization.kind} ${name}`, value, scope, "secret")
      );
      return [kind, ...facts];
    }
  }
}
function oauth2Facts(account, oauth2, scope) {
  const { place } = account;
  const word = (field, text) => plainFact(field, text, isWritten(place, field));
  return [
    ...oauth2Parts({ ...oauth2, scopeTemplates: [] }).map(
      ({ key, value, use, refresh }) => valueFact(key, value, refresh ? refreshScope(scope) : scope, use)
    ),
    word("clientAuthMethod", oauth2.clientAuthMethod),
    ...assertionWords(oauth2).map(({ key, text }) => assertionFact(key, text, place)),
    word("basicEncoding", oauth2.basicEncoding),
    word("grant", oauth2.grant),
    scopeFact(oauth2, scope),
    word("bearerTokenType", oauth2.bearerTokenType),
    ...oauth2.dpop ? [word("dpop", oauth2.dpop.alg ?? "on")] : [],
    ...tokenRequestFacts(oauth2.tokenRequest, place),
    word("refresh", typeof oauth2.refresh === "string" ? oauth2.refresh : "a request of its own"),
    ...describeRefreshSettings(oauth2).map(
      ({ keys, value }) => plainFact(keys.join("."), value, isWritten(place, ...keys))
    ),
    ...flagFact("keepWarm", oauth2.keepWarm, place),
    ...tokenResponseWords(oauth2).map(({ key, text }) => plainFact(key, text, true)),
    ...injectFact(oauth2.inject, injectScope(scope, account)),
    word("revoke", oauth2.revoke),
    ...optionalFact("tls.serverName", oauth2.connection.serverName, place),
    ...durationFact("timeout", oauth2.timeoutMs, place),
    ...flagFact("allowHttp", oauth2.allowHttp, place)
  ];
}
function scopeFact(oauth2, scope) {
  const { texts, words } = compileScopes("", oauth2, scope);
  const identity = JSON.stringify([words, texts.map((text) => text.identity)]);
  return { field: "scope", shown: describeScopes(oauth2, scope) || "none", identity };
}
function injectFact(rule, inScope) {
  if (!rule) return [];
  const { in: where, name, prefix, prefixWritten, value } = rule;
  const identity = JSON.stringify([where, name, prefix, prefixWritten, compileText(value, inScope).identity]);
  return [{ field: "inject", shown: describeInject(rule, inScope), identity }];
}
function tokenRequestFacts(settings, place) {
  return describeTokenRequest(settings).flatMap(
    ({ keys, value }) => isWritten(place, ...keys) ? [plainFact(keys.join("."), value, true)] : []
  );
}
function daemonFacts({ place, ...settings }) {
  const keys = {
    listen: ["listen"],
    adminListen: ["adminListen"],
    logLevel: ["log", "level"],
    logFormat: ["log", "format"],
    stateDir: ["state", "dir"],
    keepDeliveredMs: ["state", "keepDelivered"],
    maxStateBytes: ["state", "maxSize"]
  };
  const plain = Object.entries(keys).flatMap(([key, path]) => {
    const value = settings[key];
    const isPlain = typeof value === "string" || typeof value === "number";
    return isPlain && place ? [plainFact(path.join("."), String(value), isWritten(place, ...path))] : [];
  });
  return [...plain, ...Object.entries(settings.stateDatabase ?? {}).flatMap(stateFact)];
}
function stateFact([key, value]) {
  if (value.kind !== "secret") return [];
  return [{ field: `state.${key}`, shown: describeSecret(value), identity: referenceKey(value.reference) }];
}
function assertionFact(key, text, place) {
  return plainFact(key, text, isWritten(place, ...key.split(".")));
}
function plainFact(field, text, written) {
  return { field, shown: written ? text : `${text} (default)`, identity: text };
}
function optionalFact(field, text, place) {
  return text === void 0 ? [] : [plainFact(field, text, isWritten(place, ...field.split(".")))];
}
function durationFact(field, durationMs, place) {
  return [plainFact(field, formatDuration(durationMs), isWritten(place, field))];
}
function flagFact(field, value, place) {
  return [plainFact(field, String(value), isWritten(place, field))];
}
function valueFact(field, value, scope, use) {
  const secrets = leavesOf(value, scope).flatMap(
    ({ name, secret }) => secret ? [`${name} from ${describeSecret(secret)}`] : []
  );
  const shown = describeValue(value, scope, use) + (secrets.length > 0 ? ` (${secrets.join(", ")})` : "");
  return { field, shown, identity: compileText(value, scope).identity };
}

// src/compile/explain/action-facts.ts
function actionFacts(action, scope) {
  const { place, target, headers, outputFileName, idempotencyKey, input, successStatus, keepResponseBytes } = action;
  const word = (field, text) => plainFact(field, text, isWritten(place, field));
  return [
    word("type", action.type),
    ...optionalFact("title", action.title, place),
    ...optionalFact("authenticateWith", action.service, place),
    valueFact(target.kind, target.value, scope, target.kind === "url" ? "uri" : "text"),
    word("method", action.method),
    ...headers.map((header) => headerFact(header, scope)),
    contentFact(action, scope),
    word("files", action.files),
    ...outputFileName ? [valueFact("outputFileName", outputFileName, scope, "text")] : [],
    ...idempotencyKey ? [valueFact("idempotencyKey", idempotencyKey, scope, "text")] : [],
    ...input ? [{ field: "input", shown: "JSON Schema", identity: JSON.stringify(input) }] : [],
    ...optionalFact("successStatus", successStatus?.join(", "), place),
    retryFact(action.retry, place),
    ...flagFact("ordered", action.ordered, place),
    ...optionalFact(
      "keepResponse",
      keepResponseBytes === void 0 ? void 0 : `up to ${formatSize(keepResponseBytes)}`,
      place
    )
  ];
}
function contentFact(action, scope) {
  const meant = contentValues(action).map((value) => compileText(value, scope).identity);
  const identity = JSON.stringify([writtenAt(action.place, "content"), meant]);
  return { field: "content", shown: describeContent(action.content, scope), identity };
}
function retryFact(retry, place) {
  return plainFact("retry", describeRetry(retry), isWritten(place, "retry"));
}

// src/compile/explain/relocate.ts
import { isAbsolute, join, relative } from "node:path";
function relocate(config, folder) {
  const move = (value) => moveReferences(value, folder);
  const moved = {
    vars: move(config.vars),
    accounts: config.accounts.map(move),
    services: config.services.map(move)
  };
  return { ...config, ...moved, scopes: definitionScopes({ ...moved, parameters: config.parameters }) };
}
function moveReferences(value, folder) {
  if (Array.isArray(value)) return value.map((item) => moveReferences(item, folder));
  if (typeof value !== "object" || value === null || "document" in value) return value;
  if (isReference(value)) return { ...value, reference: moveReference(value.reference, value.place, folder) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moveReferences(item, folder)]));
}
function isReference(value) {
  return "reference" in value && "place" in value;
}
function moveReference(reference, place, folder) {
  if (reference.kind === "exec") return { ...reference, directory: positionOf(reference.directory, folder) };
  if (reference.kind !== "file" || isWrittenAbsolute(place)) return reference;
  return { ...reference, path: positionOf(reference.path, folder) };
}
function positionOf(path, folder) {
  return join(relative(folder, path));
}
function isWrittenAbsolute({ document, path }) {
  let value = document.value;
  for (const key of [...path, "file"]) value = value?.[key];
  return typeof value === "string" && isAbsolute(value);
}

// src/compile/explain/explain-diff.ts
function explainDiff(old, next) {
  const [before, after] = [viewOf(old), viewOf(next)];
  const services = compare(
    before.config.services,
    after.config.services,
    [before, after],
    (was, is) => serviceChange(was, is, before, after)
  );
  const named = (view) => new Map([...view.config.accounts].filter(([, account]) => !isInPlace(account)));
  const listed = compare(
    named(before),
    named(after),
    [before, after],
    (was, is) => accountChange(was, is, before, after)
  );
  const accounts = [...listed.changed, ...changedInPlace(before, after)].sort(byName);
  const asksAnew = ({ name, inPlace }) => wantsToken(inPlace ? `services.${name}` : name, before, after);
  return {
    services,
    accounts: {
      ...listed,
      new: listed.new.map((account) => ({ ...account, ...sameToken(account.name, before, after) })),
      newToken: accounts.filter(asksAnew),
      changed: accounts.filter((account) => !asksAnew(account))
    },
    actions: compare(
      before.config.actions,
      after.config.actions,
      [before, after],
      (was, is) => actionChange([was, is], [before, after], services.changed)
    ),
    daemon: changesOf(daemonFacts(before.config.daemon), daemonFacts(after.config.daemon))
  };
}
function viewOf(side) {
  const config = relocate(side.config, side.folder);
  const plan = compilePlan(config);
  const tokens = new Map([...plan.accounts.values()].map(({ tokenIdentity, name }) => [tokenIdentity, name]));
  return { ...side, config, plan, tokens };
}
function isInPlace({ key, name }) {
  return key !== name;
}
function byName(a, b) {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
function compare(before, after, [old, next], changeOf2) {
  const result = { removed: [], changed: [], new: [], moved: [], untouched: [] };
  for (const [key, was] of before) if (!after.has(key)) result.removed.push(presenceOf(was));
  for (const [key, is] of after) {
    const was = before.get(key);
    if (!was) {
      result.new.push(presenceOf(is));
      continue;
    }
    const changed = changeOf2(was, is);
    const moved = changed ? void 0 : movedOf(was, is, old, next);
    if (changed) result.changed.push(changed);
    else if (moved) result.moved.push(moved);
    else result.untouched.push(is.name);
  }
  for (const list of [result.removed, result.changed, result.new, result.moved]) list.sort(byName);
  result.untouched.sort();
  return result;
}
function presenceOf({ name, place }) {
  return { name, from: originOf(place) };
}
function movedOf(was, is, old, next) {
  const [from, to] = [originOf(was.place), originOf(is.place)];
  const otherFile = fileWithin(was, old) !== fileWithin(is, next);
  const sameLine = from !== "default" && to !== "default" && from.line === to.line;
  return otherFile || !sameLine ? { name: is.name, old: from, new: to, otherFile } : void 0;
}
function fileWithin({ place }, { folder, singleFile }) {
  return singleFile ? "" : relative2(folder, place.document.source.path);
}
function serviceChange(was, is, before, after) {
  const [old, next] = [before.plan.services.get(was.name), after.plan.services.get(is.name)];
  const facts = changesOf(factsOfService(was, before), factsOfService(is, after));
  const changes = [...facts, ...feederChanges(next, before, after)];
  const account = accountEffect([was.account, is.account], before, after);
  if (changes.length === 0 && !account && old.fingerprint === next.fingerprint) return void 0;
  return { ...presenceOf(is), changes: orUnnamed(changes, account !== void 0), ...account && { account } };
}
function actionChange([was, is], [before, after], services) {
  const facts = (action, { config }) => actionFacts(action, config.scopes.ofAction(action));
  const changes = changesOf(facts(was, before), facts(is, after));
  const service = services.find(({ name }) => name === is.service)?.name;
  if (changes.length === 0 && service === void 0) return void 0;
  return { ...presenceOf(is), changes, ...service !== void 0 && { service } };
}
function factsOfService(service, { config }) {
  return serviceFacts(service, config.accounts.get(service.account), config.scopes.of(service));
}
function accountEffect([old, next], before, after) {
  const [was, is] = [before.plan.accounts.get(old), after.plan.accounts.get(next)];
  const newToken = is.kind === "oauth2" && !before.tokens.has(is.tokenIdentity);
  const changed = old === next ? was.fingerprint !== is.fingerprint : newToken;
  return changed ? { name: is.name, newToken } : void 0;
}
function wantsToken(key, before, after) {
  const is = after.plan.accounts.get(key);
  return is?.kind === "oauth2" && !before.tokens.has(is.tokenIdentity);
}
function sameToken(key, before, after) {
  const is = after.plan.accounts.get(key);
  const holder = is?.kind === "oauth2" ? before.tokens.get(is.tokenIdentity) : void 0;
  return holder === void 0 ? {} : { sameTokenAs: holder };
}
function accountChange(was, is, before, after) {
  const [old, next] = [before.plan.accounts.get(was.key), after.plan.accounts.get(is.key)];
  if (old.fingerprint === next.fingerprint) return void 0;
  const changes = changesOf(
    accountFacts(was, before.config.scopes.of(was)),
    accountFacts(is, after.config.scopes.of(is))
  );
  const feeders = feederChanges(next, before, after);
  const users = [...after.config.services.values()].filter((service) => service.account === is.key);
  return {
    ...presenceOf(is),
    inPlace: isInPlace(is),
    changes: orUnnamed([...changes, ...feeders], false),
    services: users.map(({ name }) => name).sort()
  };
}
function changedInPlace(before, after) {
  return [...after.config.accounts.values()].filter(isInPlace).flatMap((is) => {
    const was = before.config.accounts.get(is.key);
    return (was && accountChange(was, is, before, after)) ?? [];
  });
}
function feederChanges({ references }, before, after) {
  const names = references.flatMap((reference) => reference.kind === "account" ? [reference.account] : []);
  return [...new Set(names)].flatMap((name) => {
    const [was, is] = [before.plan.accounts.get(name), after.plan.accounts.get(name)];
    if (!was || !is || was.tokenIdentity === is.tokenIdentity) return [];
    return [{ field: `bearer of account ${name}`, old: "as it was", new: "a new one" }];
  });
}
function changesOf(before, after) {
  const fields = [...new Set([...before, ...after].map(({ field }) => field))];
  return fields.flatMap((field) => {
    const was = before.find((fact) => fact.field === field);
    const is = after.find((fact) => fact.field === field);
    return was?.identity === is?.identity ? [] : [changeOf(field, was, is)];
  });
}
function changeOf(field, was, is) {
  const shown = is && is.shown === was?.shown ? `${is.shown} (another one)` : is?.shown;
  return { field, ...was && { old: was.shown }, ...shown !== void 0 && { new: shown } };
}
function orUnnamed(changes, explained) {
  return changes.length > 0 || explained ? changes : [{ field: "definition", old: "as it was", new: "another one" }];
}
export {
  explainDiff
};
