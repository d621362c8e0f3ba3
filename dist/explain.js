import {
  MERMAID_SETTINGS,
  escapeMermaid,
  mermaidLabel
} from "./shared-mermaid.js";
import {
  loadConfig
} from "./shared-load-config.js";
import "./shared-without-optimizing.js";
import "./shared-node-v8.js";
import {
  configPaths
} from "./shared-config-paths.js";
import {
  CommandError,
  EXIT,
  print,
  say
} from "./shared-output.js";
import {
  explainAction,
  originOf,
  serviceSteps
} from "./shared-explain-steps.js";
import "./shared-describe.js";
import {
  describeOrigin,
  groupSteps,
  renderExplanation
} from "./shared-explain-text.js";
import "./shared-schema-finding.js";
import "./shared-read.js";
import {
  compilePlan
} from "./shared-request-token.js";
import "./shared-jose.js";
import "./shared-text.js";
import "./shared-file-name.js";
import "./shared-pattern.js";
import "./shared-size.js";
import "./shared-template.js";
import "./shared-node-fs.js";
import "./shared-render-human.js";
import "./shared-secret-shape.js";
import "./shared-yaml.js";
import "./shared-source.js";
import {
  didYouMean
} from "./shared-leven.js";
import "./shared-error.js";
import "./shared-runtime.js";

// src/cli/commands/explain.ts
import { dirname, resolve } from "node:path";

// src/compile/explain/explain-mermaid.ts
function renderExplanationMermaid({ action, service, title, account, accountFrom, steps }) {
  const lines = ["flowchart TD", MERMAID_SETTINGS];
  const own = action ?? service ?? "";
  const name = title === void 0 ? own : `${own}: ${title}`;
  const opened = account === void 0 ? [] : [`account ${account}`, describeOrigin(accountFrom)];
  lines.push(`  start([${mermaidLabel(name, ...opened)}])`);
  addPipeline(lines, steps, { before: "start", indent: "  ", path: "s" });
  return `${lines.join("\n")}
`;
}
function addPipeline(lines, steps, { before, indent, path }) {
  let last = before;
  let given = [];
  groupSteps(steps).forEach((group, index) => {
    const node = `${path}${index + 1}`;
    const texts = group.steps.map(
      ({ text, from }) => `${text} (${from === "default" ? "default" : describeOrigin(from)})`
    );
    lines.push(`${indent}${node}[${mermaidLabel(group.step, ...texts)}]`);
    if (last) lines.push(`${indent}${last} -->${edgeLabel(given)} ${node}`);
    for (const step of group.steps) if (step.account) addFeeder(lines, step.account, { indent, path: `${node}_`, node });
    last = node;
    given = group.gives;
  });
  return last ?? "";
}
function edgeLabel(names) {
  return names.length > 0 ? `|${mermaidLabel(names.join(", "))}|` : "";
}
function addFeeder(lines, account, { indent, path, node }) {
  const id = `${path}${account.name.replaceAll("-", "_")}`;
  lines.push(
    `${indent}subgraph ${id}_box["${escapeMermaid(`account ${account.name} (${describeOrigin(account.from)})`)}"]`
  );
  const last = addPipeline(lines, account.steps, { indent: `${indent}  `, path: `${id}_` });
  lines.push(`${indent}end`, `${indent}${last} -->${edgeLabel(["bearer"])} ${node}`);
}

// src/compile/explain/explain.ts
function explainService(config, plan, name) {
  const service = config.services.get(name);
  const account = service && config.accounts.get(service.account);
  if (!service || !account || !plan.services.has(name)) return void 0;
  return {
    service: name,
    ...service.title !== void 0 && { title: service.title },
    from: originOf(service.place),
    account: account.name,
    accountFrom: originOf(account.place),
    steps: serviceSteps(service, account, { config, told: /* @__PURE__ */ new Set() })
  };
}

// src/cli/commands/explain.ts
async function explain(name, options) {
  if (options.diff) return explainChange(name, options, options.diff);
  if (name === void 0) throw usage("name a service or an action, or compare two configurations with --diff OLD NEW");
  const { config } = await loadConfig(configPaths(options.config));
  const service = options.action ? void 0 : explainService(config, compilePlan(config), name);
  const explanation = service ?? explainAction(config, name);
  if (!explanation) {
    const hint = didYouMean(name, [...options.action ? [] : config.services.keys(), ...config.actions.keys()]);
    throw usage(`no ${options.action ? "" : "service or "}action \`${name}\`${hint ? `; ${hint}` : ""}`);
  }
  if (service && config.actions.has(name)) say(`bearerd: this is the service; the action of that name: --action`);
  if (options.format === "json") await print(toJson(explanation));
  else await print(options.format === "text" ? renderExplanation(explanation) : renderExplanationMermaid(explanation));
  return EXIT.ok;
}
function usage(message) {
  return new CommandError(EXIT.usage, message);
}
function toJson(value) {
  return `${JSON.stringify(value, null, 2)}
`;
}
async function explainChange(name, options, paths) {
  const [old, next, ...more] = paths;
  if (name !== void 0) throw usage("--diff compares whole configurations: leave the service out");
  if (old === void 0 || next === void 0 || more.length > 0) throw usage("--diff takes two paths: OLD NEW");
  if (options.config) throw usage("--diff names both configurations itself: leave --config out");
  if (options.format === "mermaid") throw usage("--diff has the formats text and json");
  const [{ explainDiff }, { renderDiff }] = await Promise.all([
    import("./explain-diff.js"),
    import("./explain-diff-text.js")
  ]);
  const diff = explainDiff(await loadSide(old), await loadSide(next));
  await print(options.format === "json" ? toJson(diff) : renderDiff(diff));
  return EXIT.ok;
}
async function loadSide(path) {
  const { config, sources } = await loadConfig([path]);
  const absolute = resolve(path);
  const singleFile = sources.length === 1 && sources[0].path === absolute;
  return { config, folder: singleFile ? dirname(absolute) : absolute, singleFile };
}
export {
  explain
};
