import {
  readParams
} from "./shared-read-params.js";
import {
  createWaiting
} from "./shared-waiting.js";
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
import {
  systemClock
} from "./shared-clock.js";
import "./shared-schema-finding.js";
import "./shared-read.js";
import "./shared-request-token.js";
import "./shared-jose.js";
import "./shared-text.js";
import "./shared-file-name.js";
import "./shared-pattern.js";
import "./shared-size.js";
import "./shared-template.js";
import "./shared-node-fs.js";
import "./shared-version.js";
import "./shared-render-human.js";
import "./shared-secret-shape.js";
import "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import {
  AppError
} from "./shared-error.js";
import {
  __callDispose,
  __using
} from "./shared-runtime.js";

// src/cli/likely-causes.ts
function likelyCauses(failure) {
  const { code, details } = failure.error;
  switch (code) {
    case "token_refused": {
      const others = (refusals[details.oauthError ?? ""] ?? statusCauses)(failure);
      return tellsTime(failure) ? [...skewCause(failure), ...others] : [...others, ...skewCause(failure)];
    }
    case "token_redirect":
      return ["`accessTokenUri` is an address that has moved, or http instead of https: write the final one", LOGIN];
    case "token_invalid_response":
      return invalidCauses(failure);
    case "token_unreachable":
      return unreachableCauses(failure);
    case "token_timeout":
      return ["a firewall drops the connection, or the server is slow: `timeout` of the account is the limit"];
    case "discovery_failed":
      return [
        "`issuer` is not written exactly as the metadata says it (slash at the end, upper and lower case, tenant)",
        "the server publishes no metadata: set `accessTokenUri`"
      ];
    case "secret_unavailable":
      return secretCauses(failure);
    default:
      return [];
  }
}
var WRONG_SECRETS = [
  [/neither PEM/, "a path is written as `key: { file: PATH }`; what stands in the file must be the key itself"],
  [/is a (?:certificate|[a-z ]*public key), not/, "this is the half that the server gets: give the private key"],
  [/JWK holds no private key/, "this is the half that the server gets: give the private key, whose JWK has `d`"],
  [/is a set of keys/, "a JWKS was given: write the private key of its list alone, or a PEM"],
  [/is encrypted/, "write it without its passphrase: `openssl pkey -in KEY -out PLAIN`"],
  [/does not fit/, "`alg` is that of another key: leave it out, the one that fits is the default"],
  [/holds a key, not/, "a key signs assertions: it goes below `key`; `file` is an assertion that something else keeps"],
  [/expired/, "the program that renews the file stopped, or writes another one"],
  [/line break/, "the secret is two, or was pasted with something behind it"],
  [
    /PKCS|not a JWK|not JSON|needs 2048|signs with none/,
    "the key was cut, or is of a kind that signs nothing here: RSA of 2048 bits, EC or Ed25519"
  ]
];
function secretCauses({ error: { message } }) {
  if (message.startsWith("secret from "))
    return ["the secret is not there for this user or in this shell: environment, path, permissions"];
  const said = message.replace(/`[^`]*`/g, "");
  return WRONG_SECRETS.filter(([pattern]) => pattern.test(said)).slice(0, 1).map(([, cause]) => cause);
}
var LOGIN = "the address is that of a login page for browsers, not of the token endpoint";
var refusals = {
  invalid_client: clientCauses,
  unauthorized_client: (failure) => [
    `the client is not registered for the grant ${String(failure.request.grant_type ?? "")}`.trim(),
    "it is not registered for this way to authenticate, see `clientAuthMethod`"
  ],
  invalid_grant: ({ request }) => request.grant_type === "password" ? [
    "`username` or `password` is wrong, expired or locked",
    "the user needs a second factor: this grant cannot give it"
  ] : ["what proves the grant (assertion, refresh token) is expired, used up or meant for another client", AUDIENCE],
  invalid_scope: scopeCauses,
  unsupported_grant_type: ({ request }) => [
    `the server does not offer the grant ${String(request.grant_type ?? "")}`.trim(),
    "the request did not arrive as a form: some servers want JSON, see `tokenRequest`"
  ],
  invalid_request: (failure) => [
    "a parameter is missing that this server wants (audience, resource, scope)",
    ...placeCauses(failure),
    ...scopeCauses(failure)
  ],
  invalid_dpop_proof: () => ["the proof is refused: see `dpop`, its `alg`, and the clocks"],
  invalid_target: () => ["`audience` or `resource` names something that this server does not know"]
};
var AUDIENCE = "the assertion is meant for another audience: its `aud` must be what the server expects (issuer or token endpoint)";
function clientCauses(failure) {
  const { clientAuthMethod: method, server, request } = failure;
  const offered = server.authMethodsOffered;
  const used = `${method} was used`;
  return [
    ...offered && !offered.includes(method) ? [`${used}, and the metadata offers: ${offered.join(", ") || "nothing"}; set \`clientAuthMethod\``] : [],
    ...request.encodingMatters ? [
      "the client ID or secret has characters that the two encodings of HTTP Basic write differently: see `basicEncoding` (form, raw)"
    ] : [],
    ...method.endsWith("_jwt") ? [AUDIENCE, "the key is not the registered one, or `kid` is missing"] : [],
    "the client ID or the secret is wrong or expired, or has a line break or a blank too many",
    ...placeCauses(failure),
    ...offered?.includes(method) ? [`${used}, which the metadata offers among: ${offered.join(", ")}`] : []
  ];
}
function placeCauses({ clientAuthMethod: method }) {
  if (method === "client_secret_basic")
    return [
      "client_secret_basic was used: the server may want the secret in the body (`clientAuthMethod: client_secret_post`)"
    ];
  if (method === "client_secret_post")
    return [
      "client_secret_post was used: the server may want the secret in the header (`clientAuthMethod: client_secret_basic`)"
    ];
  return [];
}
function scopeCauses({ request }) {
  return request.scope === void 0 ? ["no scope was sent, and the server wants one: set `scope`"] : [`the server does not know one of the scopes, or this client may not have it: ${String(request.scope)}`];
}
function statusCauses(failure) {
  const { status = 0 } = failure.error.details;
  if (status === 404 || status === 405) return ["`accessTokenUri` is not the address of the token endpoint", LOGIN];
  if (status === 401 || status === 403) return clientCauses(failure);
  if (status === 415) return ["the server wants another format of the body, such as JSON: see `tokenRequest`"];
  if (status === 429) return ["too many requests: wait, and look for other programs that use this client"];
  return status >= 500 ? ["the server has a fault or is overloaded: try again later"] : placeCauses(failure);
}
function invalidCauses({ error }) {
  const { message, details } = error;
  if (details.contentType?.includes("html")) return [LOGIN, "a proxy or a captive portal answers instead of the server"];
  if (message.includes("no id_token"))
    return ["`openid` is missing in `scope`", "the grant has no user, so there is no ID token"];
  if (message.includes("id_token")) return ["the ID token is meant for another client or comes from another issuer"];
  if (message.includes("has no ")) return ["the token stands elsewhere in the response: its members are listed above"];
  return ["`accessTokenUri` is not the address of the token endpoint"];
}
function unreachableCauses({ error }) {
  if (/certificate|CERT|TLS|SSL|self.signed/i.test(error.message))
    return [
      "the certificate is not trusted here: a private authority, or a proxy that opens TLS",
      "the host name is not the one in the certificate"
    ];
  if (error.message.includes("no such host")) return ["the host name is misspelt, or only known in another network"];
  return ["nothing listens at this address and port, or a firewall refuses"];
}
var MAX_SKEW_MS = 3e4;
function tellsTime({ request, clientAuthMethod, error }) {
  const names = Array.isArray(request.parameters) ? request.parameters : [];
  const asserts = ["assertion", "client_assertion"].some((name) => names.includes(name));
  return asserts || clientAuthMethod.endsWith("_jwt") || error.details.oauthError === "invalid_dpop_proof";
}
function skewCause({ error, nowMs }) {
  const { dateMs } = error.details;
  if (dateMs === void 0 || Math.abs(nowMs - dateMs) < MAX_SKEW_MS) return [];
  const seconds = Math.round(Math.abs(nowMs - dateMs) / 1e3);
  return [
    `this machine's clock is ${seconds} s ${nowMs > dateMs ? "ahead of" : "behind"} the server's: assertions and proofs are refused`
  ];
}

// src/cli/test-report.ts
function testsAsJson(services) {
  const plain = services.map((service) => ({
    ...service,
    durationMs: rounded(service.durationMs),
    steps: service.steps.map(stepAsJson)
  }));
  return `${JSON.stringify({ version: 1, services: plain }, null, 2)}
`;
}
function stepAsJson({ step, account, durationMs, ok, facts, error }) {
  const told2 = error && {
    code: error.code,
    message: error.message,
    status: error.details.status,
    error: error.details.oauthError,
    endpoint: error.details.endpoint
  };
  return { step, account, durationMs: rounded(durationMs), ok, ...facts, ...told2 && { error: told2 } };
}
function rounded(ms) {
  return Math.round(ms * 10) / 10;
}
function renderTests(services) {
  return services.map(renderService).join("");
}
function renderService({ service, account, tokenOf, steps, causes, ok, durationMs }) {
  const asked = String(
    steps.findLast(({ facts }) => facts.scope !== void 0 && facts.to !== void 0)?.facts.scope ?? ""
  );
  const lines = withoutRepetitions(
    steps.map((step) => ({ step, what: step.error?.message ?? describe(step, asked) }))
  ).map(({ step, what }) => {
    const who = step.account === account ? "" : `${step.account}: `;
    return `  ${step.ok ? "ok    " : "FAILED"} ${`${who}${step.step}`.padEnd(15)} ${milliseconds(step.durationMs)}  ${what}
`;
  });
  const likely = causes.map((cause, index) => `    ${index + 1}. ${cause}
`);
  const title = `${service} (account ${account}): ${ok ? "ok" : "failed"} after ${rounded(durationMs)} ms
`;
  return [
    title,
    ...tokenOf === void 0 ? [] : [`  token: see ${tokenOf} above
`],
    ...lines,
    ...likely.length > 0 ? ["  likely causes, the likeliest first:\n", ...likely] : [],
    "\n"
  ].join("");
}
function withoutRepetitions(lines) {
  const last = /* @__PURE__ */ new Map();
  return lines.flatMap(({ step, what }) => {
    const key = `${step.account} ${step.step} ${step.ok}`;
    const before = last.get(key);
    last.set(key, what);
    if (before !== what) return [{ step, what }];
    return step.ok ? [] : [{ step, what: "the same" }];
  });
}
function milliseconds(ms) {
  return `${ms.toFixed(1)} ms`.padStart(10);
}
function describe({ step, facts }, asked) {
  return clauses[step]?.(facts, asked).filter((clause) => clause !== "").join("; ") ?? "";
}
var clauses = {
  "resolve-secrets": ({ from }) => [listOf(from) || "no secret is needed"],
  discover: ({ issuer, tokenEndpoint, authMethodsOffered }) => [
    `issuer ${String(issuer)}`,
    tokenEndpoint === void 0 ? "not read: accessTokenUri is written" : `token endpoint ${String(tokenEndpoint)}`,
    authMethodsOffered === void 0 ? "" : `offers ${listOf(authMethodsOffered) || "no method"}`
  ],
  "expand-template": ({ method, to, headers, parameters, query }) => [
    `${String(method)} ${String(to)}`,
    named("query", query),
    named("headers", headers),
    named("parameters", parameters)
  ],
  "request-token": ({ status, members, tokenType, scopeGranted }, asked) => [
    `${String(status)}`,
    named("members", members),
    tokenType === void 0 ? "no token_type" : `token_type ${String(tokenType)}`,
    scopeGranted === void 0 ? `scope as asked (${asked || "none"})` : `scope granted ${String(scopeGranted)}, asked ${asked || "none"}`
  ],
  pause: ({ attempt }) => [`before attempt ${String(attempt)}`],
  "pick-bearer": (facts) => [lifeOf(facts), facts.jwt ? named("JWT with", facts.claims) : "not a JWT", claimsOf(facts)],
  inject: ({ headers, query }) => [named("headers", headers), named("query", query)],
  "health-check": ({ path, status }) => [`GET ${String(path)}: ${String(status)}`]
};
var LIFE_FROM = {
  expires_in: "as expires_in says",
  exp: "as the JWT's exp says",
  lifetime: "as the `lifetime` of the account says",
  default: "assumed: nobody told"
};
function lifeOf({ lifeSeconds, lifeFrom }) {
  return `lives ${String(lifeSeconds)} s, ${LIFE_FROM[String(lifeFrom)] ?? `from ${String(lifeFrom)}`}`;
}
function claimsOf(facts) {
  if (!facts.jwt) return "";
  const shown = ["iss", "aud", "scope", "iat", "exp"].filter((name) => facts[name] !== void 0);
  return shown.map((name) => `${name} ${name === "iat" || name === "exp" ? timeOf(facts[name]) : String(facts[name])}`).join(", ");
}
function timeOf(value) {
  const date = new Date(Number(value) * 1e3);
  return Number.isNaN(date.getTime()) ? "no time" : date.toISOString();
}
function named(word, names) {
  const list = listOf(names);
  return list === "" ? "" : `${word} ${list}`;
}
function listOf(names) {
  return Array.isArray(names) ? names.join(", ") : "";
}

// src/cli/commands/test.ts
async function test(names, options) {
  var _stack = [];
  try {
    const waiting = createWaiting(process.stderr);
    const seen = [];
    const trace = (step) => void seen.push(step);
    const executor = __using(_stack, await loadExecutor(options.config, { trace }), true);
    const run = { executor, seen, params: readParams(options.param), testedWith: /* @__PURE__ */ new Map() };
    const services = names.length > 0 ? [...new Set(names)] : [...executor.generation?.services.keys() ?? []];
    for (const name of services) executor.definition(name);
    const tested = [];
    for (const [index, name] of services.entries()) {
      waiting.show(`testing ${name} (${index + 1} of ${services.length})`);
      const result = await testService(run, name);
      waiting.clear();
      tested.push(result);
      if (options.format === "text") await print(renderTests([result]));
    }
    if (options.format === "json") await print(testsAsJson(tested));
    return tested.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
async function testService(run, name) {
  const { executor, seen, params } = run;
  const { plan, account } = executor.definition(name);
  const startMs = systemClock.monotonicMs();
  seen.length = 0;
  const own = [];
  const failure = await runService(run, name, own).catch(appErrorOnly);
  const steps = [...seen.map(told), ...own];
  const tokenOf = seen.length > 0 || failure ? void 0 : run.testedWith.get(account.plan.key);
  if (seen.length > 0) run.testedWith.set(account.plan.key, plan.name);
  if (failure && !seen.some(({ error }) => error) && !own.some(({ ok }) => !ok))
    steps.push({
      step: "authorize",
      account: account.plan.name,
      durationMs: systemClock.monotonicMs() - startMs,
      ok: false,
      facts: {},
      error: failure
    });
  return {
    service: plan.name,
    account: account.plan.name,
    ...tokenOf !== void 0 && { tokenOf },
    ...Object.keys(params).length > 0 && { params: Object.keys(params) },
    // A step that failed and was repeated with success is no failure.
    ok: failure === void 0 && own.every(({ ok }) => ok),
    durationMs: systemClock.monotonicMs() - startMs,
    steps,
    causes: failure ? causesOf(run, account.plan, failure) : own.flatMap(({ causes = [] }) => causes)
  };
}
async function runService({ executor, params }, name, own) {
  const account = executor.definition(name).account.plan.name;
  const { injection, credential } = await executor.service(name, params).authorize();
  own.push({
    step: "inject",
    account,
    durationMs: 0,
    ok: true,
    facts: {
      headers: [...namesOf(injection.headers), ...credential.prover ? ["DPoP"] : []],
      query: namesOf(injection.query)
    }
  });
  const { healthCheck } = executor.definition(name).plan;
  if (healthCheck === void 0) return;
  const startMs = systemClock.monotonicMs();
  const done = (rest) => own.push({ step: "health-check", account, durationMs: systemClock.monotonicMs() - startMs, ...rest });
  try {
    const response = await executor.client(name, { params })(healthCheck, { throwHttpErrors: false });
    await response.body?.cancel();
    const { status } = response;
    done({ ok: status < 400, facts: { path: healthCheck.replace(/\?.*/s, ""), status }, causes: healthCauses(status) });
  } catch (thrown) {
    const error = appErrorOf(thrown);
    done({ ok: false, facts: { path: healthCheck.replace(/\?.*/s, "") }, error });
    throw error;
  }
}
function namesOf(pairs) {
  return pairs.map(([name]) => name);
}
function appErrorOf(thrown) {
  for (let current = thrown; current instanceof Error; current = current.cause)
    if (current instanceof AppError) return current;
  throw new CommandError(EXIT.failed, "the request of the health check failed");
}
function appErrorOnly(error) {
  if (error instanceof AppError) return error;
  throw error;
}
function told({ step, account, durationMs, facts, error }) {
  return { step, account, durationMs, ok: error === void 0, facts, ...error && { error } };
}
function causesOf({ seen, executor }, own, error) {
  const accounts = [...executor.generation?.plan.accounts.values() ?? []];
  const plan = accounts.find(({ name }) => name === error.details.account) ?? own;
  const factsOf = (name) => seen.findLast(({ step, error: failed }) => step === name && !failed)?.facts ?? {};
  return likelyCauses({
    error,
    request: factsOf("expand-template"),
    server: factsOf("discover"),
    clientAuthMethod: plan.kind === "oauth2" ? plan.clientAuthMethod : "",
    nowMs: systemClock.nowMs()
  });
}
function healthCauses(status) {
  if (status === 401)
    return [
      "the service does not take this token: another audience or scope is needed, or another header (see `inject`)"
    ];
  if (status === 403) return ["the token is good but may not do this: a scope is missing, or the user has no right"];
  if (status === 404) return ["`healthCheck` or `serverUrl` names a path that the service does not have"];
  if (status === 429) return ["too many requests to the service"];
  return status >= 500 ? ["the service has a fault of its own"] : [];
}
export {
  test
};
