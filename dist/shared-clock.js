// src/base/clock.ts
var MAX_TIMER_MS = 2 ** 31 - 1;
function nextTurn() {
  return new Promise((resolve) => void setImmediate(resolve));
}
var systemClock = {
  nowMs: () => Date.now(),
  monotonicMs() {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
  sleep(delayMs, signal) {
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
};

export {
  nextTurn,
  systemClock
};
