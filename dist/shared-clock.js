// src/base/clock.ts
function momentOf(clock, agoMs = 0) {
  return { atMs: clock.nowMs() - agoMs, atMonotonicMs: clock.monotonicMs() - agoMs };
}
function elapsedMs(clock, { atMs, atMonotonicMs }) {
  return Math.max(clock.monotonicMs() - atMonotonicMs, clock.nowMs() - atMs, 0);
}
var MAX_TIMER_MS = 2 ** 31 - 1;
function nextTurn() {
  return new Promise((resolve) => void setImmediate(resolve));
}
var LOOK_MS = 3e4;
var systemClock = createSystemClock();
function createSystemClock({ nowMs = () => Date.now(), lookEveryMs = LOOK_MS } = {}) {
  const longTimers = createLongTimers(nowMs, lookEveryMs);
  return {
    nowMs,
    monotonicMs() {
      const [seconds, nanoseconds] = process.hrtime();
      return seconds * 1e3 + nanoseconds / 1e6;
    },
    schedule(delayMs, callback) {
      const cutMs = Math.min(Math.max(delayMs, 0), MAX_TIMER_MS);
      if (cutMs > lookEveryMs) return longTimers.start(cutMs, callback);
      const timer = setTimeout(callback, cutMs);
      timer.unref();
      return () => clearTimeout(timer);
    },
    sleep
  };
}
function createLongTimers(nowMs, lookEveryMs) {
  const waiting = /* @__PURE__ */ new Set();
  let looking;
  const look = () => {
    const atMs = nowMs();
    for (const timer of waiting) if (timer.untilMs <= atMs) timer.ring();
  };
  const start = (delayMs, callback) => {
    const cancel = () => {
      clearTimeout(timeout);
      waiting.delete(timer);
      if (waiting.size > 0) return;
      clearInterval(looking);
      looking = void 0;
    };
    const ring = () => {
      cancel();
      callback();
    };
    const timer = { untilMs: nowMs() + delayMs, ring };
    const timeout = setTimeout(ring, delayMs);
    timeout.unref();
    waiting.add(timer);
    looking ??= setInterval(look, lookEveryMs).unref();
    return cancel;
  };
  return { start };
}
function sleep(delayMs, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      Math.min(delayMs, MAX_TIMER_MS)
    );
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

export {
  momentOf,
  elapsedMs,
  nextTurn,
  systemClock
};
