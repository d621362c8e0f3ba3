import {
  readParams
} from "./shared-read-params.js";
import {
  loadExecutor
} from "./shared-load.js";
import "./shared-config-paths.js";
import {
  CommandError,
  EXIT,
  print
} from "./shared-output.js";
import "./shared-client.js";
import "./shared-cached-source.js";
import "./shared-open-files.js";
import "./shared-clock.js";
import "./shared-schema-finding.js";
import "./shared-read.js";
import "./shared-request-token.js";
import "./shared-jose.js";
import "./shared-text.js";
import "./shared-file-name.js";
import "./shared-pattern.js";
import "./shared-size.js";
import {
  parseDuration
} from "./shared-template.js";
import "./shared-node-fs.js";
import "./shared-version.js";
import "./shared-render-human.js";
import "./shared-secret-shape.js";
import "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import "./shared-error.js";
import {
  __callDispose,
  __using
} from "./shared-runtime.js";

// src/cli/commands/token.ts
async function token(service, options) {
  var _stack = [];
  try {
    const minTtlMs = options.minTtl === void 0 ? 0 : parseDuration(options.minTtl);
    if (minTtlMs === void 0) throw new CommandError(EXIT.usage, "--min-ttl is a duration such as 10m");
    const executor = __using(_stack, await loadExecutor(options.config), true);
    const params = readParams(options.param);
    const authorization = await executor.authorize(service, { minTtlMs, params });
    const bearer = executor.service(service, params).current()?.credential.bearer;
    const text = options.format === "token" && bearer ? bearer.reveal() : render(service, authorization, options.format);
    await print(`${text}
`);
    return EXIT.ok;
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
function render(service, authorization, format) {
  const headers = Object.entries(authorization.headers);
  switch (format) {
    case "json":
      return JSON.stringify({ service, ...authorization }, null, 2);
    case "header":
      if (headers.length === 0)
        throw new CommandError(EXIT.failed, `service \`${service}\` has no header; use --format curl or json`);
      return headers.map(([name, value]) => `${name}: ${value}`).join("\n");
    case "curl":
      return [
        ...headers.map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`),
        ...Object.entries(authorization.query).map(([name, value]) => `--url-query ${shellQuote(`${name}=${value}`)}`)
      ].join(" ");
    case "token": {
      const bearer = authorization.headers.Authorization?.replace(/^Bearer /, "");
      if (bearer === void 0)
        throw new CommandError(EXIT.failed, `service \`${service}\` has no bearer; use --format header or json`);
      return bearer;
    }
  }
}
function shellQuote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
export {
  token
};
