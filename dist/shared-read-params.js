import {
  CommandError,
  EXIT
} from "./shared-output.js";

// src/cli/read-params.ts
function readParams(texts = []) {
  const params = /* @__PURE__ */ Object.create(null);
  for (const text of texts) {
    const at = text.indexOf("=");
    if (at < 1) throw new CommandError(EXIT.usage, "--param takes NAME=VALUE");
    const name = text.slice(0, at);
    if (name in params) throw new CommandError(EXIT.usage, `--param ${name} is given twice`);
    params[name] = text.slice(at + 1);
  }
  return params;
}

export {
  readParams
};
