import {
  printable
} from "./shared-render-human.js";
import "./shared-runtime.js";

// src/compile/graph/graph-dot.ts
var HEAD = [
  "digraph bearerd {",
  "  rankdir=LR",
  "  compound=true",
  "  ranksep=1.2",
  '  node [fontname="sans-serif", fontsize=11, shape=box, style=rounded]',
  '  edge [fontname="sans-serif", fontsize=9]'
];
function renderGraphDot({ accounts, tokenHosts }) {
  const lines = [
    ...HEAD,
    ...accounts.flatMap(accountLines),
    ...tokenHosts.map((host) => `  ${quote(`host ${host}`)} [label=${quote(host)}, shape=cylinder]`),
    ...accounts.flatMap(edgeLines),
    "}"
  ];
  return `${lines.join("\n")}
`;
}
function quote(...lines) {
  const escaped = lines.map((line) => printable(line).replaceAll("\\", "\\\\").replaceAll('"', '\\"'));
  return `"${escaped.join("\\n")}"`;
}
function accountLines({ key, name, inPlace, kind, services }) {
  const label = quote(inPlace ? `${name} (in place)` : name, kind);
  const nodes = services.map((service) => {
    const title = service.title === void 0 ? [] : [service.title];
    const actions = (service.actions ?? []).map(({ name: name2, request }) => `\u21B3 ${name2} ${request}`);
    return `    ${quote(`service ${service.name}`)} [label=${quote(service.name, ...title, service.host, ...actions)}]`;
  });
  const account = `  ${quote(`account ${key}`)} [label=${label}, shape=ellipse]`;
  if (nodes.length === 0) return [account];
  return [`  subgraph ${quote(`cluster ${key}`)} {`, "    style=dotted", ...nodes, "  }", account];
}
function edgeLines({ key, tokenHost, fedBy, services }) {
  const account = quote(`account ${key}`);
  const feed = (from, feeder) => `  ${from} -> ${quote(`account ${feeder}`)} [style=dashed, label="bearer of"]`;
  return [
    ...services.map((service) => `  ${quote(`service ${service.name}`)} -> ${account}`),
    ...tokenHost === void 0 ? [] : [`  ${account} -> ${quote(`host ${tokenHost}`)}`],
    ...fedBy.map((feeder) => feed(account, feeder)),
    ...services.flatMap((service) => service.takes.map((feeder) => feed(quote(`service ${service.name}`), feeder)))
  ];
}
export {
  renderGraphDot
};
