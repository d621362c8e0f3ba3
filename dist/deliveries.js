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
  formatSize
} from "./shared-size.js";
import "./shared-node-fs.js";
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
async function one(what, path, { daemon, format }) {
  if (what === "show") {
    const delivery = await askDaemon(daemon, path);
    await print(format === "json" ? `${JSON.stringify(delivery, null, 2)}
` : describe(delivery));
  }
  if (what === "retry") {
    const { id } = await askDaemon(daemon, `${path}/retry`, { method: "POST" });
    say(`${id} is tried again`);
  }
  if (what === "remove") await askDaemon(daemon, path, { method: "DELETE" });
}
function describe(delivery) {
  const { id, action, state, createdAt, nextAttemptAt, settledAt, files, lastError, response } = delivery;
  const facts = [
    ["id", id],
    ["action", action],
    ["state", state],
    ["accepted", shownTime(createdAt)],
    ...files.map(({ name, size, type }) => ["file", `${name}, ${formatSize(size)}, ${type}`]),
    ...(delivery.attemptList ?? []).map((attempt) => ["attempt", describeAttempt(attempt)]),
    ["next attempt", nextAttemptAt && shownTime(nextAttemptAt)],
    ["settled", settledAt && shownTime(settledAt)],
    ["last error", state === "delivered" ? void 0 : lastError?.message],
    ["answer", response && `${response.status}`]
  ];
  const told = facts.filter(([, value]) => typeof value === "string").map(([name, value]) => `${name.padEnd(13)}${printable(value)}
`);
  return `${told.join("")}${response?.body === void 0 ? "" : `
${printable(response.body)}
`}`;
}
function describeAttempt({
  at,
  durationMs,
  status,
  problem
}) {
  const answer = status === void 0 ? "" : `, answered ${status}`;
  return `${shownTime(at)}, ${durationMs} ms${answer}${problem ? `: ${problem.message}` : ""}`;
}
function shownTime(at) {
  return at.slice(0, 19).replace("T", " ");
}
async function list({ daemon, format, ...filter }) {
  const query = new URLSearchParams(
    Object.entries(filter).filter(([, value]) => value !== void 0)
  );
  const path = `/v1/deliveries?${query}`;
  const body = await askDaemon(daemon, path);
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
    shownTime(createdAt),
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
