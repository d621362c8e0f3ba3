import {
  describeOrigin
} from "./shared-explain-text.js";
import {
  printable
} from "./shared-render-human.js";
import "./shared-runtime.js";

// src/compile/explain/explain-diff-text.ts
function renderDiff(diff) {
  const { services, accounts, actions, daemon } = diff;
  const sections = [
    section("Services that are removed", services.removed.map(presence)),
    section("Actions that are removed", actions.removed.map(presence)),
    section("Accounts that ask for a new token", accounts.newToken.map(changedAccount)),
    section("Services that change", services.changed.map(changedService)),
    section("Actions that change", actions.changed.map(changedAction)),
    section("Accounts that change without a new token", accounts.changed.map(changedAccount)),
    section("Services that are new", services.new.map(presence)),
    section("Actions that are new", actions.new.map(presence)),
    section("Accounts that are new", accounts.new.map(newAccount)),
    section("Accounts that are removed", accounts.removed.map(presence)),
    section("Settings of the daemon that change", daemon.length > 0 ? [changeLines(daemon, "  ")] : []),
    section("Only moved, without a change", movedLines(diff))
  ];
  const untouched = `Untouched: ${counts(services.untouched, accounts.untouched, actions.untouched)}`;
  return `${[summary(diff), ...sections.filter(Boolean), untouched].join("\n\n")}
`;
}
function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
function counts(services, accounts, actions) {
  const some = actions.length > 0 ? [count(actions.length, "action")] : [];
  return [count(services.length, "service"), count(accounts.length, "account"), ...some].join(", ");
}
function summary({ services, accounts, actions, daemon }) {
  const tell = (list, word, [one, many]) => list.length > 0 ? [`${count(list.length, word)} ${list.length === 1 ? one : many}`] : [];
  const parts = [
    ...tell(services.removed, "service", ["is removed", "are removed"]),
    ...tell(actions.removed, "action", ["is removed", "are removed"]),
    ...tell(accounts.newToken, "account", ["asks for a new token", "ask for a new token"]),
    ...tell(services.changed, "service", ["changes", "change"]),
    ...tell(actions.changed, "action", ["changes", "change"]),
    ...tell(accounts.changed, "account", ["changes without a new token", "change without a new token"]),
    ...tell(services.new, "service", ["is new", "are new"]),
    ...tell(actions.new, "action", ["is new", "are new"]),
    ...tell(accounts.new, "account", ["is new", "are new"]),
    ...tell(accounts.removed, "account", ["is removed", "are removed"]),
    ...tell(daemon, "setting of the daemon", ["changes", "change"])
  ];
  return parts.length > 0 ? parts.join("; ") : "No change of behaviour.";
}
function section(title, entries) {
  return entries.length > 0 ? [title, ...entries].join("\n") : "";
}
function headed(text, from) {
  return `  ${printable(text)}  (${printable(describeOrigin(from))})`;
}
function presence({ name, from }) {
  return headed(name, from);
}
function newAccount({ name, from, sameTokenAs }) {
  const note = sameTokenAs === void 0 ? "" : `
    the same token as ${sameTokenAs} had: none is asked for`;
  return headed(name, from) + note;
}
function changedAccount({ name, inPlace, from, changes, services }) {
  const users = inPlace ? "" : `
    used by ${someOf(services)}`;
  return `${headed(inPlace ? `${name} (in place)` : name, from)}
${changeLines(changes, "    ")}${users}`;
}
function changedService({ name, from, changes, account }) {
  const lines = changes.length > 0 ? [changeLines(changes, "    ")] : [];
  if (account) lines.push(`    account ${account.name} ${account.newToken ? "asks for a new token" : "changes"}`);
  return [headed(name, from), ...lines].join("\n");
}
function changedAction({ name, from, changes, service }) {
  const lines = changes.length > 0 ? [changeLines(changes, "    ")] : [];
  if (service !== void 0) lines.push(`    service ${service} changes`);
  return [headed(name, from), ...lines].join("\n");
}
var MAX_NAMES = 10;
function someOf(names) {
  if (names.length === 0) return "no service";
  const rest = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
function changeLines(changes, indent) {
  const width = Math.max(...changes.map(({ field }) => field.length));
  return changes.map((change) => `${indent}${change.field.padEnd(width)}  ${describeChange(change)}`).join("\n");
}
var MAX_VALUE = 200;
function describeChange({ old, new: next }) {
  const [was, is] = [old, next].map((text) => text !== void 0 && shorten(printable(text)));
  if (was === false) return `new: ${is}`;
  return is === false ? `removed: ${was}` : `${was} -> ${is}`;
}
function shorten(text) {
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 3)}...` : text;
}
function movedLines({ services, accounts, actions }) {
  const one = (kind) => (moved) => `  ${kind} ${moved.name}  (${printable(describeOrigin(moved.old))} -> ${printable(describeOrigin(moved.new))})`;
  const files = [
    ...accounts.moved.filter(isOtherFile).map(one("account")),
    ...services.moved.filter(isOtherFile).map(one("service")),
    ...actions.moved.filter(isOtherFile).map(one("action"))
  ];
  const lines = [services, accounts, actions].map(({ moved }) => moved.filter((one2) => !isOtherFile(one2)));
  const within = `  to another line: ${counts(lines[0], lines[1], lines[2])}`;
  return lines.some(({ length }) => length > 0) ? [...files, within] : files;
}
function isOtherFile({ otherFile }) {
  return otherFile;
}
export {
  renderDiff
};
