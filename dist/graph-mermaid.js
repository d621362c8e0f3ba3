import {
  MERMAID_SETTINGS,
  escapeMermaid,
  mermaidLabel
} from "./shared-mermaid.js";
import "./shared-render-human.js";
import "./shared-runtime.js";

// src/compile/graph/graph-mermaid.ts
function renderGraphMermaid({ accounts, tokenHosts }) {
  const ids = new Map(accounts.map(({ key }, index) => [key, `a${index + 1}`]));
  const hosts = new Map(tokenHosts.map((host, index) => [host, `h${index + 1}`]));
  const lines = [
    "flowchart LR",
    MERMAID_SETTINGS,
    ...accounts.flatMap((account) => accountLines(account, ids.get(account.key))),
    ...tokenHosts.map((host) => `  ${hosts.get(host)}[(${mermaidLabel(host)})]`),
    ...accounts.flatMap(
      ({ key, tokenHost }) => tokenHost === void 0 ? [] : [`  ${ids.get(key)} --> ${hosts.get(tokenHost)}`]
    ),
    ...accounts.flatMap((account) => feedLines(account, ids)),
    "  classDef list text-align:left"
  ];
  return `${lines.join("\n")}
`;
}
function accountLines({ name, inPlace, kind, services }, id) {
  const node = `  ${id}([${mermaidLabel(inPlace ? `${name} (in place)` : name, kind)}])`;
  if (services.length === 0) return [node];
  return [`  ${id}s["${services.flatMap(serviceLines).join("<br/>")}"]:::list`, node, `  ${id}s --> ${id}`];
}
function serviceLines({ name, host, actions = [] }) {
  return [
    `<b>${escapeMermaid(name)}</b> ${escapeMermaid(host)}`,
    ...actions.map((action) => `\u21B3 <b>${escapeMermaid(action.name)}</b> ${escapeMermaid(action.request)}`)
  ];
}
function feedLines({ key, fedBy, services }, ids) {
  const id = ids.get(key);
  const takes = services.flatMap(({ name, takes: feeders }) => feeders.map((feeder) => ({ name, feeder })));
  return [
    ...fedBy.map((feeder) => `  ${id} -.->|"takes the bearer of"| ${ids.get(feeder)}`),
    ...takes.map(
      ({ name, feeder }) => `  ${id}s -.->|${mermaidLabel(`${name} takes the bearer of`)}| ${ids.get(feeder)}`
    )
  ];
}
export {
  renderGraphMermaid
};
