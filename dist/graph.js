import {
  loadConfig
} from "./shared-load-config.js";
import "./shared-without-optimizing.js";
import "./shared-node-v8.js";
import {
  configPaths
} from "./shared-config-paths.js";
import {
  EXIT,
  print
} from "./shared-output.js";
import {
  describeValue,
  leavesOf
} from "./shared-describe.js";
import "./shared-schema-finding.js";
import "./shared-read.js";
import "./shared-text.js";
import "./shared-pattern.js";
import "./shared-size.js";
import {
  accountValues,
  serverOf
} from "./shared-template.js";
import "./shared-node-fs.js";
import "./shared-render-human.js";
import "./shared-secret-shape.js";
import "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import "./shared-error.js";
import "./shared-runtime.js";

// src/compile/graph/graph.ts
function buildGraph(config) {
  const { scopes } = config;
  const users = usersOf(config);
  const actions = actionsOf(config, scopes);
  const accounts = [...config.accounts.values()].map(
    (account) => graphAccount(account, users.get(account.key) ?? [], { scopes, actions })
  );
  accounts.push(...withoutService(config, scopes));
  const tokenHosts = [...new Set(accounts.flatMap(({ tokenHost }) => tokenHost ?? []))].sort();
  const rank = ({ tokenHost }) => tokenHost === void 0 ? tokenHosts.length : tokenHosts.indexOf(tokenHost);
  accounts.sort((a, b) => rank(a) - rank(b) || Number(a.inPlace) - Number(b.inPlace) || compareText(a.key, b.key));
  return { accounts, tokenHosts };
}
function actionsOf(config, scopes) {
  const actions = /* @__PURE__ */ new Map();
  for (const action of config.actions.values()) {
    if (action.service === void 0) continue;
    const known = actions.get(action.service) ?? [];
    actions.set(action.service, [...known, graphAction(action, scopes)]);
  }
  return actions;
}
function graphAction(action, scopes) {
  const { name, title, method, target } = action;
  const shown = describeValue(target.value, scopes.ofAction(action), target.kind === "url" ? "uri" : "text");
  return { name, ...title !== void 0 && { title }, request: `${method} ${shown}` };
}
function withoutService(config, scopes) {
  const services = [...config.actions.values()].flatMap((action) => {
    if (action.target.kind !== "url") return [];
    const host = hostOf(describeValue(action.target.value, scopes.ofAction(action), "uri"));
    return [{ name: host, host: "no service", takes: [], actions: [graphAction(action, scopes)] }];
  });
  if (services.length === 0) return [];
  return [{ key: "no account", name: "no account", inPlace: false, kind: "url of an action", fedBy: [], services }];
}
function usersOf(config) {
  const users = /* @__PURE__ */ new Map();
  for (const service of config.services.values()) {
    const known = users.get(service.account);
    if (known) known.push(service);
    else users.set(service.account, [service]);
  }
  return users;
}
function compareText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
function graphAccount(account, users, around) {
  const { scopes } = around;
  const { key, name, title, authorization } = account;
  const scope = scopes.of(account);
  const values = accountValues(account).flatMap(({ value, use }) => use === "variable" ? [] : [value]);
  return {
    key,
    name,
    ...title !== void 0 && { title },
    inPlace: key !== name,
    kind: kindOf(account),
    ...authorization.kind === "oauth2" && {
      tokenHost: hostOf(describeValue(serverOf(authorization.oauth2), scope, "uri"))
    },
    fedBy: feedersOf(values, scope),
    services: users.map((service) => graphService(service, around)).sort((a, b) => compareText(a.name, b.name))
  };
}
function graphService(service, { scopes, actions }) {
  const { name, title, headers, serverUrl } = service;
  const scope = scopes.of(service);
  const values = headers.map(({ value }) => value);
  const host = hostOf(describeValue(serverUrl, scope, "uri"));
  const own = actions.get(name);
  return {
    name,
    ...title !== void 0 && { title },
    host,
    takes: feedersOf(values, scope),
    ...own && { actions: own }
  };
}
function kindOf({ authorization }) {
  switch (authorization.kind) {
    case "oauth2":
      return authorization.oauth2.grant;
    case "header":
    case "query":
      return `${authorization.kind} ${authorization.values.map(({ name }) => name).join(", ")}`;
    default:
      return authorization.kind;
  }
}
function feedersOf(values, scope) {
  const secrets = values.flatMap(
    (value) => value.kind === "secret" ? [value] : leavesOf(value, scope).flatMap(({ secret }) => secret ?? [])
  );
  const keys = secrets.flatMap(({ reference }) => reference.kind === "account" ? [reference.account] : []);
  return [...new Set(keys)].sort();
}
function hostOf(url) {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?((?:\{\{[^{}]*\}\}|[^/?#])*)/i.exec(url)?.[1] || url;
}

// src/cli/commands/graph.ts
async function graph(options) {
  const { config } = await loadConfig(configPaths(options.config));
  const render = await rendererOf(options.format);
  await print(render(buildGraph(config)));
  return EXIT.ok;
}
async function rendererOf(format) {
  switch (format) {
    case "dot":
      return (await import("./graph-dot.js")).renderGraphDot;
    case "svg":
      return (await import("./graph-svg.js")).renderGraphSvg;
    case "mermaid":
      return (await import("./graph-mermaid.js")).renderGraphMermaid;
  }
}
export {
  graph
};
