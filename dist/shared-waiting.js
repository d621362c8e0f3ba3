// src/cli/waiting.ts
var CLEAR = "\r\x1B[2K";
function createWaiting(terminal) {
  if (!terminal.isTTY || process.env.TERM === "dumb") return { show: () => {
  }, clear: () => {
  } };
  return {
    show: (text) => void terminal.write(`${CLEAR}${text} \u2026`),
    clear: () => void terminal.write(CLEAR)
  };
}

export {
  createWaiting
};
