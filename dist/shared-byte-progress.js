import {
  CommandError,
  EXIT,
  print,
  say
} from "./shared-output.js";
import {
  systemClock
} from "./shared-clock.js";
import {
  formatSize
} from "./shared-size.js";
import {
  printable
} from "./shared-render-human.js";

// src/cli/byte-progress.ts
var REWRITTEN_AFTER_MS = 100;
var CLEAR = "\r\x1B[2K";
var WIDTH = 24;
function createByteProgress(terminal, nowMs = systemClock.monotonicMs) {
  return terminal.isTTY && process.env.TERM !== "dumb" ? createBar(terminal, nowMs) : createLines(terminal);
}
function createBar(terminal, nowMs) {
  const startedMs = nowMs();
  let dueMs = 0;
  let isShown = false;
  return {
    report(progress) {
      const now = nowMs();
      if (progress.failed) {
        terminal.write(`${CLEAR}${failedLine(progress, progress.failed)}
`);
        isShown = false;
        return;
      }
      if (now < dueMs && progress.sentBytes < progress.totalBytes) return;
      dueMs = now + REWRITTEN_AFTER_MS;
      isShown = true;
      terminal.write(`${CLEAR}${barLine(progress, now - startedMs)}`);
    },
    clear() {
      if (isShown) terminal.write(CLEAR);
      isShown = false;
    }
  };
}
function barLine(progress, elapsedMs) {
  const { sentBytes, totalBytes } = progress;
  const share = totalBytes === 0 ? 1 : Math.min(1, sentBytes / totalBytes);
  const bar = "#".repeat(Math.round(share * WIDTH)).padEnd(WIDTH, ".");
  const perSecond = elapsedMs > 0 ? sentBytes / elapsedMs * 1e3 : 0;
  const left = perSecond > 0 ? `, ${durationOf((totalBytes - sentBytes) / perSecond)} left` : "";
  const speed = perSecond > 0 ? `, ${formatSize(Math.round(perSecond))}/s${left}` : "";
  return `[${bar}] ${nameOf(progress)}${formatSize(sentBytes)} of ${formatSize(totalBytes)}${speed}`;
}
function nameOf({ file, request, requests, attempt }) {
  const which = requests > 1 ? `${request}/${requests} ` : "";
  const again = attempt > 1 ? `attempt ${attempt} ` : "";
  return `${which}${file === void 0 ? "" : `${printable(file).slice(0, 40)} `}${again}`;
}
function failedLine(progress, { message, nextMs }) {
  const { attempt, attempts, file, request, requests } = progress;
  const what = requests > 1 ? `${request}/${requests} ${file === void 0 ? "" : printable(file).slice(0, 40)}: ` : "";
  return `${what}attempt ${attempt} of ${attempts} failed: ${message}; next in ${durationOf(nextMs / 1e3)}`;
}
function durationOf(seconds) {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}s`;
}
function createLines(terminal) {
  let said = "";
  return {
    report(progress) {
      const { failed } = progress;
      const line = failed ? failedLine(progress, failed) : `sending ${nameOf(progress)}${sizeOf(progress)}`;
      if (line !== said) terminal.write(`${line}
`);
      said = line;
    },
    clear() {
    }
  };
}
function sizeOf({ file, requests, totalBytes }) {
  if (file === void 0) return "the request";
  return `${formatSize(totalBytes)}${requests > 1 ? " in all" : ""}`;
}

// src/cli/show-delivery.ts
async function showDelivery(delivery, { format, own = false }) {
  const { id, state, attempts, lastError, response } = delivery;
  if (format === "json") await print(`${JSON.stringify(delivery, null, 2)}
`);
  else if (state !== "dead") {
    say(`${state}${own ? "" : ` ${id}`}${attempts > 1 ? ` at attempt ${attempts}` : ""}`);
    if (response?.body !== void 0) await print(`${response.body}
`);
    else if (response) say("the answer is no text: see --format json");
  }
  if (state !== "dead") return;
  const what = own ? `not delivered${attempts > 1 ? ` after ${attempts} attempts` : ""}` : `delivery ${id} is dead`;
  throw new CommandError(EXIT.failed, `${what}: ${lastError?.message ?? "no reason"}`);
}

export {
  createByteProgress,
  showDelivery
};
