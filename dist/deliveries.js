import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  askDaemon
} from "./shared-daemon-api.js";
import {
  CommandError,
  EXIT,
  print,
  say
} from "./shared-output.js";
import {
  printable
} from "./shared-render-human.js";
import "./shared-runtime.js";

// src/cli/commands/deliveries.ts
async function deliveries(what, ids, flags) {
  if (what === void 0 || what === "list") return list(flags);
  if (ids.length === 0) throw new CommandError(EXIT.usage, `\`${what}\` takes the id of a delivery`);
  for (const id of ids) await one(what, `/v1/deliveries/${encodeURIComponent(id)}`, flags);
  return EXIT.ok;
}
async function one(what, path, { daemon }) {
  if (what === "show") await print(`${JSON.stringify((await askDaemon(daemon, path)).body, null, 2)}
`);
  if (what === "retry") await askDaemon(daemon, `${path}/retry`, { method: "POST" });
  if (what === "remove") await askDaemon(daemon, path, { method: "DELETE" });
}
async function list({ daemon, format, ...filter }) {
  const query = new URLSearchParams(
    Object.entries(filter).filter(([, value]) => value !== void 0)
  );
  const { body } = await askDaemon(
    daemon,
    `/v1/deliveries?${query}`
  );
  if (format === "json") await print(`${JSON.stringify(body, null, 2)}
`);
  else await print(table(body.deliveries));
  if (body.next !== null && format === "text") say("there are more: see --limit");
  return EXIT.ok;
}
function table(rows) {
  if (rows.length === 0) return "no deliveries\n";
  const cells = rows.map(({ id, action, state, attempts, createdAt, lastError }) => [
    id,
    state,
    String(attempts),
    createdAt.slice(0, 19).replace("T", " "),
    action,
    printable(lastError?.message ?? "")
  ]);
  const all = [["ID", "STATE", "ATTEMPTS", "ACCEPTED", "ACTION", "LAST ERROR"], ...cells];
  const widths = all[0].map((_head, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map(
    (row) => `${row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()}
`
  ).join("");
}
export {
  deliveries
};
