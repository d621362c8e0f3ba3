import {
  openFiles,
  readFile
} from "./shared-open-files.js";
import {
  elapsedMs,
  momentOf
} from "./shared-clock.js";
import {
  MAX_JUDGED_BYTES,
  cleanerOf,
  isJudged,
  jwtClaims,
  readSigningKey,
  signJwt
} from "./shared-jose.js";
import {
  describeReference,
  isLinkLocal,
  referenceKey
} from "./shared-text.js";
import {
  Secret,
  cleanForeignText,
  hidesDots
} from "./shared-template.js";
import {
  VERSION
} from "./shared-version.js";
import {
  AppError,
  appErrorIn,
  isStateError,
  systemErrorCode
} from "./shared-error.js";

// src/deliveries/delivery.ts
import { createHash } from "node:crypto";
function requestsOf({ files: how }, files) {
  return how === "together" || files.length === 0 ? [[...files]] : files.map((file) => [file]);
}
function prepareRequest(plan, job, index, secrets) {
  const requests = requestsOf(plan, job.files);
  const files = requests[index];
  const given = (use) => ({
    input: job.input,
    files,
    values: stableValues(secrets, job, `${index} ${use}`)
  });
  const own = requests.length > 1 ? `${job.id}-${index + 1}` : job.id;
  return {
    ...plan.buildRequest(given("request")),
    files,
    idempotencyKey: plan.idempotencyKey?.(given("key")) ?? own
  };
}
function checkRequests(plan, job) {
  const values = stableValues({ secret: unread }, job, "check");
  for (const files of requestsOf(plan, job.files)) plan.checkRequest({ input: job.input, files, values });
}
function unread() {
  throw new Error("a check needs no secret");
}
function stableValues(secrets, job, use) {
  let count = 0;
  return {
    ...secrets,
    now: () => new Date(job.createdAtMs).toISOString(),
    uuid: () => uuidOf(`${job.id} ${use} ${count++}`)
  };
}
function uuidOf(text) {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = (Number.parseInt(hex[16], 16) & 3 | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

// src/deliveries/deliver-now.ts
import { randomUUID as randomUUID3 } from "node:crypto";

// src/deliveries/accept.ts
function checkedInput(plan, input, from) {
  const checked = plan.checkInput(input, from);
  if (checked.ok) return checked.input;
  const told = checked.problems.map(({ pointer, detail }) => `${pointer || "the input"} ${detail}`);
  const rest = told.length > 3 ? `, and ${told.length - 3} more` : "";
  const message = `the input of action \`${plan.name}\` does not fit: ${told.slice(0, 3).join("; ")}${rest}`;
  throw new AppError("invalid_input", message, { errors: checked.problems });
}
function checkFiles({ name, needsFile }, count) {
  if (needsFile && count === 0) throw new AppError("invalid_input", `action \`${name}\` needs a file`);
  if (!needsFile && count > 0) throw new AppError("invalid_input", `action \`${name}\` sends no file`);
}

// src/deliveries/progress-feed.ts
function createProgressFeed() {
  let newest;
  let serial = 0;
  let over;
  let wake = Promise.withResolvers();
  const tell = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  return {
    push(value) {
      newest = { value, serial: ++serial };
      tell();
    },
    end() {
      over = {};
      tell();
    },
    fail(error) {
      over = { error };
      tell();
    },
    iterate() {
      let seen = 0;
      return {
        async next() {
          while (!over && (newest?.serial ?? 0) === seen) await wake.promise;
          if (newest && newest.serial !== seen) {
            seen = newest.serial;
            return { done: false, value: newest.value };
          }
          if (over && "error" in over) throw over.error;
          return { done: true, value: void 0 };
        }
      };
    }
  };
}

// src/deliveries/retry-delay.ts
function retryDelay(error, attempt, pauseMs, { clock, random }) {
  const backoffMs = Math.min(pauseMs.min * 2 ** Math.min(attempt - 1, 30), pauseMs.max) * (0.75 + random() / 4);
  return Math.ceil(Math.max(backoffMs, (error.details.retryAtMs ?? 0) - clock.nowMs()));
}

// src/compile/path-below.ts
function pathBelow(serverUrl, url) {
  const base = serverUrl.pathname.replace(/\/$/, "");
  const below = url.pathname === base || url.pathname.startsWith(`${base}/`);
  if (url.origin !== serverUrl.origin || !below) return void 0;
  const path = url.pathname.slice(base.length) || "/";
  return path.split("/").some(hidesDots) ? void 0 : path;
}

// src/runtime/secrets/values.ts
import { createHmac, randomBytes, randomUUID } from "node:crypto";
function valuesWithout(clock) {
  return valuesOf(/* @__PURE__ */ new Map(), clock);
}
async function readValues(references, store, clock) {
  const read = await Promise.all(
    references.map(async (reference) => [referenceKey(reference), await store.read(reference)])
  );
  return valuesOf(new Map(read), clock);
}
function valuesOf(secrets, clock) {
  return {
    secret(reference) {
      const secret = secrets.get(referenceKey(reference));
      if (!secret) throw new Error(`${reference.kind} reference was not collected`);
      return secret;
    },
    uuid: () => randomUUID(),
    now: () => new Date(clock.nowMs()).toISOString()
  };
}
function observeStore(store) {
  const seen = /* @__PURE__ */ new Map();
  const read = async (reference) => {
    const key = referenceKey(reference);
    try {
      const secret = await store.read(reference);
      seen.set(key, digest(secret));
      return secret;
    } catch (error) {
      seen.set(key, "unreadable");
      throw error;
    }
  };
  const differs = async (reference) => {
    const before = seen.get(referenceKey(reference));
    if (before === void 0) return false;
    const now = await store.read(reference).then(digest, () => before);
    return now !== before;
  };
  return {
    read,
    seen,
    adopt(other) {
      for (const [key, value] of other.seen) seen.set(key, value);
    },
    async changed(references) {
      const files = references.filter(isSecretFile);
      return (await Promise.all(files.map(differs))).includes(true);
    }
  };
}
function isSecretFile(reference) {
  return reference.kind === "file" && !reference.kept || reference.kind === "systemd";
}
var processKey = randomBytes(32);
function digest(secret, key = processKey) {
  return createHmac("sha256", key).update(secret.reveal()).digest("base64url");
}

// src/runtime/tokens/held-value.ts
function livesFor(held, ageMs, minTtlMs = 0, longestMs = 0) {
  const { lifeMs, renewAfterMs } = held;
  if (lifeMs === null) return true;
  const neededMs = minTtlMs < Math.max(lifeMs, longestMs) ? minTtlMs : lifeMs - (renewAfterMs ?? lifeMs);
  return ageMs + neededMs < lifeMs;
}

// src/runtime/tokens/pause.ts
var TRANSIENT = { firstMs: 1e3, maxMs: 3e4 };
var LIMITED = { firstMs: 5e3, maxMs: 3e5 };
var STATE = { firstMs: 1e3, maxMs: 5e3 };
var PERMANENT = { firstMs: 1e4, maxMs: 6e5 };
var WRONG_GRANT = { firstMs: 3e5, maxMs: 36e5 };
function pauseAfter(error, count, random) {
  const { firstMs, maxMs } = pauseOf(error);
  return Math.min(firstMs * 2 ** (count - 1), maxMs) * (0.75 + random / 4);
}
function pausedUntil({ code, message, details }, retryAtMs, text = message) {
  return new AppError(code, text, { ...details, retryAtMs });
}
function pauseOf({ code, details }) {
  if (code === "state_unavailable") return STATE;
  if (details.status === 429) return LIMITED;
  if (details.transient) return TRANSIENT;
  return details.oauthError === "invalid_grant" ? WRONG_GRANT : PERMANENT;
}
var LASTING = /* @__PURE__ */ new Set([
  ...["invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "invalid_target"],
  ...["unauthorized_client", "unsupported_grant_type"]
]);
function isTooEarly({ code, details }) {
  return code === "token_refused" && !details.transient && !LASTING.has(details.oauthError ?? "");
}

// src/runtime/tokens/renewal-margin.ts
function renewalMargin(lifeMs, refreshBeforeMs = Number.POSITIVE_INFINITY) {
  return Math.max(0, Math.min(refreshBeforeMs, lifeMs * 0.2, lifeMs - 1e3));
}

// src/runtime/tokens/cached-source.ts
var FRESH_MS = 2e3;
var HOLD_BACK_MS = 1e3;
var FEEDER_DELAY_MS = 1e3;
var PATIENCE_MS = { first: 1e4, max: 6e5 };
var CachedSource = class {
  #options;
  #held;
  #flight;
  #failure;
  /** Of an attempt within the flight. */
  #trouble;
  #cancelTimer;
  #stopped = false;
  /** How many want it to be kept. */
  #warm = 0;
  #listeners = /* @__PURE__ */ new Set();
  #patienceMs = 0;
  #heldBackUntilMs = 0;
  /** The life of a fresh value that somebody asked a longer one of: no other one lives longer. */
  #longestMs = Number.POSITIVE_INFINITY;
  #epoch = 0;
  constructor(options) {
    this.#options = options;
  }
  /** The value at once when there is one that lives at least `minTtlMs` longer; starts a renewal that is due. */
  current(minTtlMs = 0) {
    const held = this.#held;
    if (!held) return void 0;
    const ageMs = held.lifeMs === null && held.renewAfterMs === null ? 0 : this.#age(held);
    if (!livesFor(held, ageMs, minTtlMs, this.#longestMs) || held.isCurrent?.(minTtlMs) === false) return void 0;
    held.used = true;
    if (held.renewAfterMs !== null && ageMs >= held.renewAfterMs) this.#renewQuietly();
    return held.value;
  }
  /**
   * The value, fetched when needed: any number of callers share one fetch. A value that lives less than `minTtlMs` even
   * when fresh is given rather than nothing. Rejects with the fetch's error, or the last one while a pause lasts.
   */
  async get(minTtlMs = 0) {
    const value = this.current(minTtlMs);
    if (value !== void 0) return value;
    const paused = this.#pauseError();
    if (paused) {
      const old = this.current();
      if (old !== void 0) return old;
      throw paused;
    }
    const fetched = await this.#fetch(minTtlMs).catch((error) => {
      const old = this.current();
      if (old === void 0 || !(error instanceof AppError)) throw error;
      return old;
    });
    const lifeMs = this.#held?.lifeMs ?? Number.POSITIVE_INFINITY;
    this.#longestMs = lifeMs <= minTtlMs ? lifeMs : Number.POSITIVE_INFINITY;
    const { clock } = this.#options;
    const heldBackMs = this.#heldBackUntilMs - clock.monotonicMs();
    if (heldBackMs > 0) await clock.sleep(heldBackMs);
    return fetched;
  }
  /** Fetched now, and kept fresh whether it is used or not, until the returned function is called. */
  keepWarm() {
    this.#warm++;
    if (this.current() === void 0) this.#renewQuietly();
    return () => void this.#warm--;
  }
  /** Calls back after each fetch that succeeded, until the returned function is called. */
  onRenewed(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  /**
   * A user of this very value was refused: the next `get` fetches. An older value than the current one changes nothing, and
   * neither does one that came in place of another young one: whoever refuses each new value would cause a fetch each time.
   */
  reject(value) {
    const held = this.#held;
    if (held?.value !== value) return;
    const ageMs = this.#age(held);
    if (ageMs < Math.max(this.#patienceMs, this.#options.minIntervalMs ?? 0)) return;
    const young = ageMs < Math.max(PATIENCE_MS.first, 2 * this.#patienceMs);
    this.#patienceMs = young ? Math.min(2 * this.#patienceMs || PATIENCE_MS.first, PATIENCE_MS.max) : 0;
    if (ageMs < FRESH_MS) this.#heldBackUntilMs = this.#options.clock.monotonicMs() + HOLD_BACK_MS;
    this.#drop();
  }
  /** A user of this value was not refused: refusals are not the rule. */
  accept(value) {
    if (this.#patienceMs > 0 && this.#held?.value === value) this.#patienceMs = 0;
  }
  /** Fetches in the background and keeps the present value meanwhile; ends a pause. A fetch that runs began too early to count. */
  renew() {
    const start = () => {
      this.#failure = void 0;
      this.#patienceMs = 0;
      this.#renewQuietly();
    };
    if (this.#flight) this.#flight.then(start, start);
    else start();
  }
  forget() {
    this.#drop();
    this.#failure = void 0;
    this.#patienceMs = 0;
    this.#epoch++;
    this.#flight = this.#trouble = void 0;
  }
  /** An attempt of the fetch that runs failed, and is made again within it. */
  tellTrouble(error) {
    if (this.#flight) this.#trouble = error;
  }
  /** Takes over what another source holds. */
  adopt(other) {
    const held = other.#held;
    if (!held || this.#held) return;
    this.#held = held;
    this.#scheduleRenewal(held);
  }
  get listeners() {
    return this.#listeners;
  }
  /** Of a source in whose place this new one is. */
  inherit(listeners) {
    this.#listeners = listeners;
  }
  /** No more background work; a running fetch ends by itself, and callers that wait for it are served. */
  stop() {
    this.#stopped = true;
    this.#cancelTimer?.();
  }
  get state() {
    const alive = this.#held !== void 0 && livesFor(this.#held, this.#age(this.#held));
    if (alive) return this.#trouble || this.#failure && !this.#failure.tooEarly ? "degraded" : "ready";
    return this.#trouble || this.#failure ? "failing" : "idle";
  }
  get expiresAtMs() {
    const held = this.#held;
    return held && held.lifeMs !== null ? held.since.atMs + held.lifeMs : null;
  }
  get lastError() {
    return this.state === "ready" ? void 0 : this.#trouble ?? this.#failure?.error;
  }
  get value() {
    return this.#held?.value;
  }
  /** Whether callers are given the value, should there be no other one. */
  get serves() {
    const held = this.#held;
    return held !== void 0 && livesFor(held, this.#age(held)) && held.isCurrent?.(0) !== false;
  }
  /** Milliseconds since this value was issued; Infinity when it is not held any more. */
  ageOf(value) {
    return this.#held?.value === value ? this.#age(this.#held) : Infinity;
  }
  #age({ since }) {
    return elapsedMs(this.#options.clock, since);
  }
  #drop() {
    if (this.#held) this.#options.onDropped?.(this.#held.value);
    this.#held = void 0;
    this.#cancelTimer?.();
  }
  #pauseError() {
    const failure2 = this.#failure;
    if (!failure2) return void 0;
    const restMs = failure2.retryAtMs - failure2.since.atMs - elapsedMs(this.#options.clock, failure2.since);
    if (restMs <= 0) return void 0;
    const text = `${failure2.error.message}; next attempt in ${Math.ceil(restMs / 1e3)}s`;
    return pausedUntil(failure2.error, this.#options.clock.nowMs() + restMs, text);
  }
  #fetch(minTtlMs = 0) {
    if (this.#flight) return this.#flight;
    const epoch = this.#epoch;
    const flight = this.#options.fetch(minTtlMs).then(
      (fetched) => this.#succeed(fetched, epoch),
      (error) => this.#fail(error, epoch)
    );
    const settled = () => {
      if (this.#flight === flight) this.#flight = this.#trouble = void 0;
    };
    this.#flight = flight;
    flight.then(settled, settled);
    return flight;
  }
  #succeed(fetched, epoch) {
    const { clock, random, onRenewed, refreshBeforeMs, minIntervalMs = 0 } = this.#options;
    if (epoch !== this.#epoch) return fetched.value;
    const { value, lifeMs, since = momentOf(clock), isCurrent } = fetched;
    const byMargin = lifeMs === null ? null : Math.max(minIntervalMs, (lifeMs - renewalMargin(lifeMs, refreshBeforeMs)) * (1 - random() * 0.05));
    const renewAfterMs = fetched.renewAfterMs === void 0 ? byMargin : fetched.renewAfterMs;
    this.#held = { value, since, lifeMs, renewAfterMs, isCurrent, used: false };
    this.#failure = void 0;
    this.#scheduleRenewal(this.#held);
    onRenewed?.(value, lifeMs === null ? null : since.atMs + lifeMs);
    for (const listener of this.#listeners) listener();
    return value;
  }
  #fail(error, epoch) {
    if (!(error instanceof AppError) || epoch !== this.#epoch) throw error;
    const { clock, onFailure, onTooEarly, random } = this.#options;
    const fed = error.details.feeder !== void 0;
    const restMs = !fed && isTooEarly(error) ? this.#restMs() : 0;
    const tooEarly = restMs > 0;
    const count = tooEarly ? 0 : (this.#failure?.count ?? 0) + 1;
    const pauseMs = tooEarly ? Math.min(Math.max(restMs / 2, 1e3), restMs) : pauseAfter(error, count, random());
    const since = momentOf(clock);
    const retryAtMs = fed ? since.atMs : Math.max(since.atMs + pauseMs, error.details.retryAtMs ?? 0);
    this.#failure = { error, count, since, retryAtMs, tooEarly };
    if (tooEarly) onTooEarly?.(error, retryAtMs);
    else if (!fed) onFailure?.(error, retryAtMs);
    if (tooEarly || this.#warm)
      this.#schedule(Math.max(retryAtMs - since.atMs, fed ? FEEDER_DELAY_MS : 0), () => this.#renewQuietly());
    throw fed ? error : pausedUntil(error, retryAtMs);
  }
  /** What is left of the present value's life. */
  #restMs() {
    const held = this.#held;
    return held?.lifeMs ? held.lifeMs - this.#age(held) : 0;
  }
  #schedule(delayMs, callback) {
    this.#cancelTimer?.();
    if (!this.#stopped) this.#cancelTimer = this.#options.clock.schedule(delayMs, callback);
  }
  #renewQuietly() {
    if (this.#stopped || this.#pauseError()) return;
    this.#fetch().catch((error) => {
      if (!(error instanceof AppError)) throw error;
    });
  }
  /** Kept fresh while used: a value that nobody asked for since it was fetched is left to end. */
  #scheduleRenewal(held) {
    const { renewAfterMs } = held;
    this.#cancelTimer?.();
    if (renewAfterMs === null || held.lifeMs === null) return;
    this.#schedule(Math.max(0, renewAfterMs - this.#age(held)), () => {
      if (this.#held !== held) return;
      if (renewAfterMs - this.#age(held) > 1e3) this.#scheduleRenewal(held);
      else if (held.used || this.#warm) this.#renewQuietly();
    });
  }
};

// src/runtime/tokens/client-secrets.ts
var ClientSecrets = class {
  #plan;
  /** Digests of what was read last, in order. */
  #known = [];
  #index = 0;
  constructor(plan) {
    this.#plan = plan;
  }
  /** Its place in the list, from 0. */
  get inUse() {
    return this.#index;
  }
  /** The values of a request with the secret in use. */
  choose(values) {
    const { clientSecrets } = this.#plan;
    if (!clientSecrets) return values;
    const read = clientSecrets.read(values).map((secret) => digest(secret));
    if (read.join() !== this.#known.join()) this.#index = 0;
    this.#known = read;
    return { ...values, clientSecret: this.#index };
  }
  /** For one call: after an error that another secret may mend, goes on to the next one that was not tried, whatever came first. */
  attempts() {
    const tried = /* @__PURE__ */ new Set();
    return (error) => {
      if (!this.#plan.clientSecrets || !isUnknownClient(error)) return false;
      tried.add(this.#known[this.#index]);
      const later = this.#known.map((_, step) => (this.#index + step) % this.#known.length);
      const next = later.find((index) => !tried.has(this.#known[index]));
      this.#index = next ?? 0;
      return next !== void 0;
    };
  }
  /** Of the same account before a reload. */
  adopt(other) {
    if (identitiesOf(this.#plan) !== identitiesOf(other.#plan)) return;
    this.#known = other.#known;
    this.#index = other.#index;
  }
};
function identitiesOf({ clientSecrets }) {
  return clientSecrets?.identities.join();
}
function isUnknownClient(error) {
  return error instanceof AppError && error.code === "token_refused" && error.details.oauthError === "invalid_client";
}
function secretInUse(plan, owner, secrets) {
  const identities = plan.clientSecrets?.identities;
  const used = owner.clientSecrets?.identities[secrets.inUse];
  if (!identities || used === void 0) return void 0;
  return { inUse: identities.indexOf(used) + 1, of: identities.length };
}

// src/runtime/authorization-server/dpop.ts
import { createHash as createHash2, createPublicKey, generateKeyPairSync, randomUUID as randomUUID2 } from "node:crypto";
var MAX_PROVERS = 1e3;
function createProvers(clock) {
  const kept2 = /* @__PURE__ */ new Map();
  const keep = (id, create) => {
    const prover = kept2.get(id) ?? create();
    kept2.delete(id);
    kept2.set(id, prover);
    if (kept2.size > MAX_PROVERS) kept2.delete(kept2.keys().next().value);
    return prover;
  };
  return {
    of({ name, dpop, tokenIdentity }, values) {
      if (!dpop) return void 0;
      const text = dpop.key?.render(values);
      if (text === void 0)
        return keep(`made ${tokenIdentity}`, () => createProver(makeKey(dpop.alg ?? "ES256"), clock));
      const label = `account \`${name}\`: \`dpop.key\``;
      const read = () => readSigningKey(text, { label, alg: dpop.alg });
      return keep(digest(new Secret(`${dpop.alg} ${text}`)), () => createProver(privateKeyOf(read()), clock));
    }
  };
}
function privateKeyOf({ key, alg }) {
  return { key, alg };
}
var CURVES = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };
function makeKey(alg) {
  const namedCurve = CURVES[alg];
  if (namedCurve) return { key: generateKeyPairSync("ec", { namedCurve }).privateKey, alg };
  if (alg === "EdDSA") return { key: generateKeyPairSync("ed25519").privateKey, alg };
  return { key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey, alg };
}
function createProver({ key, alg }, clock) {
  const jwk = createPublicKey(key).export({ format: "jwk" });
  const nonces = /* @__PURE__ */ new Map();
  return {
    proof({ method, url, bearer }) {
      const nonce = nonces.get(url.origin);
      const claims = {
        jti: randomUUID2(),
        htm: method,
        htu: `${url.origin}${url.pathname}`,
        iat: Math.floor(clock.nowMs() / 1e3),
        ...bearer && { ath: createHash2("sha256").update(bearer.reveal()).digest("base64url") },
        ...nonce !== void 0 && { nonce }
      };
      return signJwt({ typ: "dpop+jwt", alg, jwk }, claims, key);
    },
    learn({ origin }, nonce) {
      if (!nonce || nonce.length > 1e3 || !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(nonce) || nonces.get(origin) === nonce)
        return false;
      nonces.delete(origin);
      nonces.set(origin, nonce);
      if (nonces.size > MAX_PROVERS) nonces.delete(nonces.keys().next().value);
      return true;
    }
  };
}
async function sendProven(prover, request2, send) {
  if (!prover) return send(request2);
  const { url, method } = request2;
  const once = async () => {
    const proof = await prover.proof({ method, url });
    return send({ ...request2, headers: [...request2.headers, ["DPoP", proof]] });
  };
  const response = await once().catch((error) => {
    if (!(error instanceof AppError)) throw error;
    const learned = prover.learn(url, error.details.dpopNonce);
    if (learned && error.details.oauthError === "use_dpop_nonce") return once();
    throw error;
  });
  prover.learn(url, response.dpopNonce);
  return response;
}
function wantsNonce(status, challenge) {
  return status === 401 && /\bDPoP\b/i.test(challenge ?? "") && /error\s*=\s*"?use_dpop_nonce\b/i.test(challenge ?? "");
}

// src/runtime/pipeline-trace.ts
async function traced({ clock, trace }, { account, step }, run2, facts) {
  if (!trace) return run2();
  const startMs = clock.monotonicMs();
  const told = () => ({ account, step, durationMs: clock.monotonicMs() - startMs });
  try {
    const result = await run2();
    trace({ ...told(), facts: facts(result) });
    return result;
  } catch (error) {
    if (error instanceof AppError) trace({ ...told(), facts: {}, error });
    throw error;
  }
}
function serverFacts(server, metadata) {
  return {
    issuer: server?.issuer,
    tokenEndpoint: server?.tokenEndpoint && placeOf(server.tokenEndpoint),
    authMethodsOffered: metadata?.authMethods
  };
}
var SHOWN_PARAMETERS = ["grant_type", "scope"];
function requestFacts({ url, method, headers, body, secrets }) {
  const params = method === "GET" ? new Map(url.searchParams) : bodyMembers(body);
  const shown = SHOWN_PARAMETERS.map((name) => [name, params.get(name)]);
  return {
    to: placeOf(url),
    method,
    query: namesOf(url.searchParams.keys()),
    headers: headers.map(([name]) => name),
    parameters: namesOf(params.keys()),
    ...Object.fromEntries(
      shown.flatMap(([name, value]) => value === void 0 ? [] : [[name, cleanForeignText(value, secrets)]])
    ),
    encodingMatters: encodingMatters(headers)
  };
}
function bodyMembers(body) {
  if (!body.startsWith("{")) return new Map(new URLSearchParams(body));
  const members = JSON.parse(body);
  return new Map(Object.entries(members).map(([name, value]) => [name, typeof value === "string" ? value : ""]));
}
function encodingMatters(headers) {
  const value = headers.find(([name]) => name.toLowerCase() === "authorization")?.[1] ?? "";
  if (!value.startsWith("Basic ")) return false;
  return /[^A-Za-z0-9\-._~:]/.test(Buffer.from(value.slice("Basic ".length), "base64").toString("utf8"));
}
function responseFacts(response) {
  const { status, members } = response;
  const { scope, token_type: type } = members;
  const cleaned = cleanerOf(response);
  return {
    status,
    members: namesOf(Object.keys(members), cleaned),
    tokenType: typeof type === "string" ? cleaned(type) : void 0,
    scopeGranted: typeof scope === "string" ? cleaned(scope) : void 0
  };
}
function bearerFacts({ bearer, lifeMs, lifeFrom, narrowedScope }) {
  return { lifeSeconds: Math.floor(lifeMs / 1e3), lifeFrom, narrowedScope, ...claimFacts(bearer) };
}
var SHOWN_CLAIMS = ["iss", "aud", "scope", "exp", "iat"];
function claimFacts(bearer) {
  const claims = jwtClaims(bearer.reveal());
  if (!claims) return { jwt: false };
  const shown = SHOWN_CLAIMS.filter((name) => claims[name] !== void 0).map((name) => [name, claimText(claims[name])]);
  return { jwt: true, claims: namesOf(Object.keys(claims)), ...Object.fromEntries(shown) };
}
function claimText(value) {
  if (typeof value === "number") return value;
  return clean(typeof value === "string" ? value : JSON.stringify(value));
}
function placeOf(url) {
  return `${url.host}${url.pathname}`;
}
function namesOf(names, cleaned = clean) {
  return [...names].slice(0, 30).map((name) => cleaned(name, 40));
}
function clean(text, maxLength) {
  return cleanForeignText(text, [], maxLength);
}

// src/runtime/run-pipeline.ts
async function runPipeline(plan, effects, { deadlineMs, refreshToken, bearer, values: known }) {
  const read = known ?? await readSecrets(plan, effects);
  const server = await locate(plan, effects, read, deadlineMs);
  const values = server ? { ...read, server } : read;
  const tokens = refreshToken && { refreshToken, ...bearer && { bearer } };
  const build = () => tokens ? plan.buildRefresh(values, tokens) : plan.buildRequest(values);
  const at = (step) => ({ account: plan.name, step });
  const request2 = await traced(effects, at("expand-template"), build, requestFacts);
  if (request2.warning !== void 0) effects.log?.warn({ account: plan.name }, request2.warning);
  const startMs = effects.clock.monotonicMs();
  const report = (outcome) => effects.onTokenRequest?.(plan.name, outcome, effects.clock.monotonicMs() - startMs);
  try {
    const limits = { timeoutMs: Math.max(1, deadlineMs - startMs), nowMs: effects.clock.nowMs, rule: plan.reading };
    const prover = effects.provers.of(plan, values);
    const send = () => sendProven(prover, request2, (proven) => effects.tokenEndpoint.send(plan.name, proven, limits));
    const response = await traced(effects, at("request-token"), send, responseFacts);
    const since = momentOf(effects.clock);
    const pick = async () => {
      const found = plan.pickBearer(response, since.atMs);
      await checkIdToken(plan, effects, found.bearer, values);
      return found;
    };
    const picked = await traced(effects, at("pick-bearer"), pick, bearerFacts);
    report("success");
    if (server) effects.discovery.confirm(server);
    return { ...picked, ...prover && { prover }, values, since };
  } catch (error) {
    report("failure");
    if (server && !isAnswered(error)) effects.discovery.suspect(server);
    throw error;
  }
}
function readSecrets(plan, effects) {
  const { references, name } = plan;
  const read = () => readValues(references, effects.secrets, effects.clock);
  return traced(effects, { account: name, step: "resolve-secrets" }, read, () => ({
    from: references.map(describeReference)
  }));
}
function locate(plan, effects, values, deadlineMs) {
  const { clock, discovery } = effects;
  const find = () => discovery.locate(plan, values, Math.max(1, deadlineMs - clock.monotonicMs()));
  if (!plan.issuer) return find();
  return traced(
    effects,
    { account: plan.name, step: "discover" },
    find,
    (server) => serverFacts(server, server && discovery.metadata(server))
  );
}
async function checkIdToken(plan, { discovery, clock }, token, values) {
  if (!plan.checkIdToken) return;
  plan.checkIdToken(token, values, clock.nowMs());
  const { server } = values;
  if (server) await discovery.verify(plan.name, token, server);
}
function isAnswered(error) {
  return error instanceof AppError && error.details.oauthError !== void 0;
}
var FIRST_DELAY_MS = 250;
var FIRST_DELAY_LIMITED_MS = 2e3;
var MAX_DELAY_MS = 8e3;
async function fetchBearer(plan, effects, random, request2 = { deadlineMs: effects.clock.monotonicMs() + plan.timeoutMs }) {
  const { clock } = effects;
  const { clientSecrets } = request2;
  const hasAnother = clientSecrets?.attempts();
  let { values } = request2;
  let lost = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      values ??= await readSecrets(plan, effects);
      return await runPipeline(plan, effects, { ...request2, values: clientSecrets?.choose(values) ?? values });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (clock.monotonicMs() < request2.deadlineMs && hasAnother?.(error)) {
        effects.log?.warn(
          { account: plan.name, next: clientSecrets.inUse + 1 },
          "a client secret is refused: the next one is tried"
        );
        continue;
      }
      values = void 0;
      if (isLost(error)) lost++;
      const delayMs = request2.refreshToken && lost > 1 ? void 0 : retryDelay2(error, attempt, clock.nowMs(), random);
      if (delayMs === void 0 || clock.monotonicMs() + delayMs >= request2.deadlineMs)
        throw withAttempts(error, attempt);
      effects.onRepeat?.(error);
      const step = { account: plan.name, step: "pause" };
      await traced(
        effects,
        step,
        () => clock.sleep(delayMs),
        () => ({ attempt: attempt + 1 })
      );
    }
  }
}
function isLost({ code }) {
  return code === "token_timeout" || code === "token_unreachable" || code === "token_invalid_response";
}
function retryDelay2(error, attempt, nowMs, random) {
  if (!error.details.transient || error.code === "secret_unavailable") return void 0;
  if (error.details.retryAtMs !== void 0) return error.details.retryAtMs - nowMs;
  const firstMs = error.details.status === 429 ? FIRST_DELAY_LIMITED_MS : FIRST_DELAY_MS;
  return Math.min(firstMs * 2 ** (attempt - 1), MAX_DELAY_MS) * (0.5 + random() / 2);
}
function withAttempts(error, attempts) {
  return new AppError(error.code, error.message, { ...error.details, attempts });
}

// src/runtime/tokens/fetch-token.ts
async function fetchToken(plan, effects, history) {
  const deadlineMs = effects.clock.monotonicMs() + plan.timeoutMs;
  const values = await readSecrets(plan, effects);
  history.clientSecrets ??= new ClientSecrets(plan);
  const { clientSecrets } = history;
  const call = { plan, effects, history, values, clientSecrets, deadlineMs, standing: "leased" };
  const issued = await (plan.identify ? effects.pool.take(digest(plan.identify(values).token), history.held, () => requestInTurn(call)) : requestInTurn(call));
  const { reusable } = issued.picked;
  history.reusable = reusable && { family: digest(familyOf(plan, values)), refreshToken: reusable.refreshToken };
  const used = plan.identify ? { ...values, clientSecret: clientSecrets.inUse } : values;
  return { ...issued.picked, values: used, since: issued.since };
}
async function requestInTurn(call) {
  const { plan, effects, history, values, deadlineMs } = call;
  let used = values;
  const send = async (standing = "leased") => {
    const { values: read, since: since2, ...picked2 } = await request({ ...call, standing });
    used = read;
    return { picked: picked2, since: since2, identity: sharedIdentity(plan, read) };
  };
  const identity = sharedIdentity(plan, values);
  const fleet = identity || plan.buildRefresh && !keepsOwn(plan) ? effects.fleet : void 0;
  const family = familyOf(plan, values);
  const asked = {
    account: plan.name,
    family,
    identity,
    held: history.held,
    heldLives: history.heldLives === true,
    cautious: plan.onlyRefreshes === true && history.reusable?.family !== digest(family),
    timeoutMs: deadlineMs - effects.clock.monotonicMs(),
    takeOverAfterMs: plan.timeoutMs
  };
  const alone = () => plan.buildRefresh ? inTurn(asked, call, send) : send();
  const { picked, since } = await (fleet ? fleet.take(asked, send) : alone());
  const prover = effects.provers.of(plan, used);
  return {
    picked: { ...picked, ...prover && { prover } },
    since,
    identity: plan.identify ? digest(plan.identify(used).token) : ""
  };
}
async function inTurn({ family, timeoutMs }, { plan, effects }, send) {
  const release = await refreshTokensOf(plan, effects).hold(family, timeoutMs);
  if (!release) {
    const message = `another process asks for the token of \`${plan.name}\` and has no answer after ${Math.round(timeoutMs / 1e3)}s`;
    throw new AppError("token_timeout", message, { account: plan.name, transient: true });
  }
  try {
    return await send();
  } finally {
    release();
  }
}
function sharedIdentity({ dpop, identify }, values) {
  return dpop && !dpop.key ? void 0 : identify?.(values).token;
}
function keepsOwn({ dpop, clientAuthMethod }) {
  return dpop !== void 0 && !dpop.key && clientAuthMethod === "none";
}
function refreshTokensOf(plan, { fleet, tokens }) {
  return fleet && keepsOwn(plan) ? fleet.own : tokens;
}
async function request(call) {
  const { plan, effects, values, clientSecrets, deadlineMs } = call;
  const refreshed = await refresh(call);
  const fetched = refreshed?.fetched ?? await fetchBearer(plan, effects, effects.random, { deadlineMs, values, clientSecrets });
  const next = plan.buildRefresh && fetched.refreshToken;
  if (next) await refreshTokensOf(plan, effects).keep(familyOf(plan, fetched.values), next);
  const used = refreshed?.refreshToken;
  const stays = next ? used && digest(next) === digest(used) : used || plan.onlyRefreshes;
  return stays ? { ...fetched, reusable: { refreshToken: used } } : fetched;
}
async function refresh(call) {
  const { plan, effects, history, values, clientSecrets, deadlineMs } = call;
  if (!plan.buildRefresh || history.refreshIsFutile) return void 0;
  const bearer = history.held;
  if (plan.ownRefresh?.takesBearer && !bearer) return void 0;
  const family = familyOf(plan, values);
  const tokens = refreshTokensOf(plan, effects);
  let tried;
  for (; ; ) {
    const refreshToken = await findRefreshToken(call, family);
    if (!refreshToken || digest(refreshToken) === tried) return void 0;
    try {
      const request2 = { deadlineMs, values, clientSecrets, refreshToken, bearer };
      return { fetched: await fetchBearer(plan, effects, effects.random, request2), refreshToken };
    } catch (error) {
      if (!isGivenUp(error, plan)) throw error;
      const { oauthError } = error.details;
      history.refreshIsFutile = oauthError !== "invalid_grant" && !isPrivate(error, plan);
      effects.log.info({ account: plan.name, oauthError }, `refresh token given up: ${error.message}`);
      tried = digest(refreshToken);
      history.reusable = void 0;
      await tokens.drop(family, refreshToken);
      if (history.refreshIsFutile) return void 0;
    }
  }
}
async function findRefreshToken(call, family) {
  const { plan, effects, history, standing } = call;
  const alone = standing === "away" || standing === "takenOver" && !plan.onlyRefreshes;
  try {
    return await refreshTokensOf(plan, effects).refreshToken(family, alone);
  } catch (error) {
    if (!isStateError(error)) throw error;
    if (history.reusable?.family === digest(family)) return history.reusable.refreshToken;
    if (!plan.onlyRefreshes) return void 0;
    throw new AppError("state_unavailable", withheld(plan.name), { account: plan.name, transient: true });
  }
}
var withheld = (account) => `the refresh token of \`${account}\` is shared with other replicas and is not used until the database of \`daemon.state.url\` is back: used by two, it may be ended for good`;
function familyOf(plan, values) {
  return plan.identify?.(values).family ?? new Secret(plan.tokenIdentity);
}
var REFUSALS = /* @__PURE__ */ new Set(["invalid_grant", "unauthorized_client", "unsupported_grant_type"]);
function isGivenUp(error, plan) {
  if (!(error instanceof AppError)) return false;
  if (error.code === "token_invalid_response") return !error.details.transient;
  return error.code === "token_refused" && (REFUSALS.has(error.details.oauthError ?? "") || isPrivate(error, plan));
}
var OTHER_FAULTS = /* @__PURE__ */ new Set(["invalid_client", "invalid_request", "invalid_scope", ...REFUSALS]);
function isPrivate({ code, details }, { ownRefresh }) {
  if (!ownRefresh || code !== "token_refused" || details.transient) return false;
  return !OTHER_FAULTS.has(details.oauthError ?? "");
}

// src/runtime/generation/live-account.ts
function createLiveAccount(plan, effects) {
  const secrets = observeStore(effects.secrets);
  const own = { ...effects, secrets, onRepeat: (error) => source.tellTrouble(error) };
  const clientSecrets = new ClientSecrets(plan.kind === "oauth2" ? plan : {});
  const history = { clientSecrets };
  const fetch2 = plan.kind === "oauth2" ? () => fetchOAuth2(plan, own, Object.assign(history, { held: source.value?.bearer, heldLives: source.serves })) : (minTtlMs) => fetchSecrets(plan.references, own, minTtlMs);
  const { clock, log, random } = effects;
  const told = { account: plan.name, ...plan.params && { params: plan.params } };
  const tellSecret = () => {
    const inUse = clientSecretOf(live);
    if (inUse) effects.onClientSecret?.(plan.name, inUse);
  };
  const source = new CachedSource({
    fetch: fetch2,
    clock,
    random,
    ...plan.kind === "oauth2" && plan.lifetime,
    onDropped: ({ bearer }) => {
      if (!bearer) return;
      effects.pool.drop(bearer);
      effects.fleet?.drop(bearer);
    },
    onRenewed: (_credential, expiresAtMs) => {
      if (plan.kind !== "oauth2") return;
      log.info({ ...told, expiresAt: toRfc3339(expiresAtMs) }, "token renewed");
      if (plan.params) return;
      effects.onExpiry?.(plan.name, expiresAtMs);
      tellSecret();
    },
    onFailure: (error, retryAtMs) => {
      log.warn({ ...told, code: error.code, nextAttemptAt: toRfc3339(retryAtMs) }, error.message);
      if (!plan.params) tellSecret();
    },
    onTooEarly: (error, retryAtMs) => log.info(
      { ...told, nextAttemptAt: toRfc3339(retryAtMs) },
      `renewal refused while the token lives: ${error.message}`
    )
  });
  const checkSecrets = async () => {
    if (!await secrets.changed(plan.references)) return;
    log.info(told, "a secret file changed");
    source.renew();
  };
  const feeders = () => plan.kind === "static" ? plan.references.flatMap((reference) => reference.kind === "account" ? [effects.feeder(reference)] : []) : [];
  const sources = () => [source, ...feederSources(plan.references, effects)];
  const parts = { plan, source, checkSecrets, feeders, sources, secrets, clientSecrets };
  const live = Object.assign(parts, { owner: parts });
  return live;
}
function feederSources(references, { feeder }) {
  return references.flatMap((reference) => reference.kind === "account" ? feeder(reference).sources() : []);
}
function onAnyRenewed(sources, listener) {
  const stops = [...new Set(sources)].map((source) => source.onRenewed(listener));
  return () => {
    for (const stop of stops) stop();
  };
}
function clientSecretOf({ plan, owner, clientSecrets }) {
  if (plan.kind !== "oauth2" || owner.plan.kind !== "oauth2") return void 0;
  return secretInUse(plan, owner.plan, clientSecrets);
}
async function feed({ source, plan }, minTtlMs = 0) {
  try {
    return await source.get(minTtlMs);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, error.message, { ...error.details, feeder: plan.name });
  }
}
function publishedMember({ published }, account, field) {
  const secret = published && Object.hasOwn(published, field) ? published[field] : void 0;
  if (secret) return secret;
  const message = `the token response of account \`${account}\` had no \`${field}\``;
  throw new AppError("secret_unavailable", message, { transient: true });
}
function fedSecret(credential, { account, field }) {
  if (field !== void 0) return publishedMember(credential, account, field);
  if (!credential.bearer) throw new Error("only an account with a bearer feeds another one");
  return credential.bearer;
}
function shareLiveAccount(plan, owner) {
  return { ...owner, plan, owner };
}
function adoptToken(live, earlier) {
  live.source.adopt(earlier.source);
  live.secrets.adopt(earlier.secrets);
  live.clientSecrets.adopt(earlier.clientSecrets);
}
function createSecretSource(references, effects) {
  const secrets = observeStore(effects.secrets);
  const { clock, random } = effects;
  const source = new CachedSource({
    fetch: (minTtlMs) => fetchSecrets(references, { ...effects, secrets }, minTtlMs),
    clock,
    random
  });
  const checkSecrets = async () => {
    if (await secrets.changed(references)) source.renew();
  };
  return { source, checkSecrets, sources: () => [source, ...feederSources(references, effects)] };
}
function toRfc3339(atMs) {
  return atMs === null ? null : new Date(atMs).toISOString();
}
async function fetchOAuth2(plan, effects, history) {
  const { bearer, values, lifeMs, since, lifeFrom, narrowedScope, foreignType, published, implausible, prover } = await fetchToken(plan, effects, history);
  const account = plan.name;
  if (lifeFrom === "default")
    effects.log.warn({ account }, "the token response tells no lifetime: 5 minutes are assumed");
  if (implausible)
    effects.log.warn(
      { account },
      "the token response tells a life of more than a year: if it counts in another unit, write tokenResponse.expires"
    );
  if (narrowedScope !== void 0)
    effects.log.warn({ account, granted: narrowedScope }, "the server granted less scope than was asked");
  const value = {
    bearer,
    values,
    expiresAtMs: since.atMs + lifeMs,
    ...foreignType !== void 0 && { foreignType },
    ...published && { published },
    ...prover && { prover },
    ...narrowedScope !== void 0 && { narrowedScope }
  };
  return { value, lifeMs, since };
}
var EXEC_RENEW_MS = 5 * 6e4;
async function fetchSecrets(references, effects, minTtlMs) {
  const feeders = /* @__PURE__ */ new Map();
  const read = async (reference) => {
    if (reference.kind !== "account") return effects.secrets.read(reference);
    const account = effects.feeder(reference);
    const credential = feeders.get(account) ?? await feed(account, minTtlMs);
    feeders.set(account, credential);
    return fedSecret(credential, reference);
  };
  const values = await readValues(references, { read }, effects.clock);
  const ends = [...feeders.values()].flatMap(({ expiresAtMs }) => expiresAtMs ?? []);
  return {
    value: { bearer: void 0, values, expiresAtMs: ends.length > 0 ? Math.min(...ends) : null, fed: feeders },
    lifeMs: null,
    renewAfterMs: references.some(({ kind }) => kind === "exec") ? EXEC_RENEW_MS : null,
    isCurrent: (ttlMs) => references.every(
      (reference) => reference.kind !== "account" || isStillFed(presentFeeder(reference, effects), feeders, ttlMs)
    )
  };
}
function isStillFed(now, then, ttlMs) {
  const credential = now && then.get(now);
  return credential !== void 0 && now?.source.current(ttlMs) === credential;
}
function presentFeeder(reference, { feeder }) {
  try {
    return feeder(reference);
  } catch (error) {
    if (error instanceof AppError) return void 0;
    throw error;
  }
}

// src/runtime/authorization.ts
async function toAuthorization({ plan }, authorized, request2) {
  if (authorized.credential.prover) return authorizationOf(authorized, await proofOf(plan, authorized, request2));
  const authorization = made.get(authorized) ?? authorizationOf(authorized, []);
  made.set(authorized, authorization);
  return authorization;
}
var made = /* @__PURE__ */ new WeakMap();
function authorizationOf({ injection, expiresAtMs }, proof) {
  return Object.freeze({
    headers: Object.freeze(Object.fromEntries([...injection.headers, ...proof])),
    query: Object.freeze(Object.fromEntries(injection.query)),
    expiresAt: toRfc3339(expiresAtMs)
  });
}
async function proofOf({ name: service, allow }, authorized, request2) {
  if (!request2) {
    const message = `service \`${service}\` uses DPoP, where each request needs a proof of its own: send it through the proxy, or ask for one proof with ?method=GET&url=https://...`;
    throw new AppError("invalid_request", message, { service });
  }
  const { serverUrl } = authorized;
  const url = URL.canParse(request2.url) ? new URL(request2.url) : void 0;
  const path = url && !url.username && !url.password ? pathBelow(serverUrl, url) : void 0;
  if (!url || path === void 0) {
    const message = `a proof for service \`${service}\` is only for URLs under ${serverUrl.origin}${serverUrl.pathname}`;
    throw new AppError("invalid_path", message, { service });
  }
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/.test(request2.method))
    throw new AppError("invalid_request", "`method` is an HTTP method such as GET", { service });
  if (allow && !allow(request2.method, path)) throw notAllowed(service);
  return proofHeaders(authorized, request2.method, url);
}
function notAllowed(service) {
  return new AppError("not_allowed", `\`allow\` of service \`${service}\` does not let this request pass`, { service });
}
async function proofHeaders({ credential }, method, url) {
  const { prover, bearer } = credential;
  return prover ? [["DPoP", await prover.proof({ method, url, ...bearer && { bearer } })]] : [];
}

// src/runtime/connections/connections.ts
import { createHash as createHash3 } from "node:crypto";

// src/runtime/connections/choose-proxy.ts
function chooseProxy(proxy, origin, environment) {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const endpoint = { host, port: port || (protocol === "https:" ? "443" : "80") };
  if (proxy === void 0 || isExcepted(endpoint, variable(environment, "NO_PROXY") ?? "")) return void 0;
  if (proxy !== "environment") return proxy;
  const text = variable(environment, protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (!text) return void 0;
  return /^https?:\/\//.test(text) ? text : `http://${text}`;
}
function variable(environment, name) {
  return environment[name.toLowerCase()] || environment[name];
}
function isExcepted({ host, port }, list) {
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "") return false;
    if (entry === "*") return true;
    const [, name = "", entryPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.toLowerCase().replace(/^\*?\./, "")) ?? [];
    if (entryPort !== void 0 && entryPort !== port) return false;
    return host === name || host.endsWith(`.${name}`) && !/^[\d.]+$/.test(host);
  });
}

// src/runtime/connections/guarded-lookup.ts
import { lookup } from "node:dns";
var guardedLookup = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return done(error, "");
    const allowed = found.filter(({ address: address2 }) => !isLinkLocal(address2));
    if (allowed.length === 0) return done(refusal(hostname), "");
    if (options.all) return done(null, allowed);
    const [{ address, family }] = allowed;
    done(null, address, family);
  });
};
function refusal(hostname) {
  const host = cleanForeignText(hostname, [], 100);
  const message = `the host ${host}, which a value chose, has a link-local or metadata address; write such a host literally`;
  return new AppError("invalid_template_value", message);
}

// src/runtime/connections/undici.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);
function loadUsed(load2) {
  try {
    const Agent2 = load2("undici/lib/dispatcher/agent.js");
    const ProxyAgent2 = load2("undici/lib/dispatcher/proxy-agent.js");
    const { prototype } = load2("undici/lib/dispatcher/dispatcher.js");
    Object.assign(prototype, load2("undici/lib/api/index.js"));
    return { Agent: Agent2, ProxyAgent: ProxyAgent2 };
  } catch {
    return load2("undici");
  }
}
var { Agent, ProxyAgent } = loadUsed(load);
var fetch = (...given) => load("undici").fetch(...given);

// src/runtime/connections/connections.ts
var MAX_DISPATCHERS = 256;
function createConnections({ agent, environment = process.env }) {
  const plain = new Agent(agent);
  const byKey = /* @__PURE__ */ new Map();
  const byConnection = /* @__PURE__ */ new WeakMap();
  const find = (connection, origin) => {
    const proxy = chooseProxy(connection.proxy?.reveal(), origin, environment);
    const key = keyOf(connection, proxy);
    const dispatcher = byKey.get(key) ?? openWith(agent, connection, proxy);
    byKey.delete(key);
    byKey.set(key, dispatcher);
    if (byKey.size > MAX_DISPATCHERS) closeFirst(byKey);
    return dispatcher;
  };
  return {
    dispatcher(connection, origin) {
      if (!connection) return plain;
      const known = byConnection.get(connection) ?? /* @__PURE__ */ new Map();
      byConnection.set(connection, known);
      const before = known.get(origin);
      if (before && !isClosed(before)) return before;
      const dispatcher = find(connection, origin);
      known.set(origin, dispatcher);
      return dispatcher;
    },
    async close() {
      await Promise.all([plain, ...byKey.values()].map((dispatcher) => dispatcher.close()));
    }
  };
}
function isClosed(dispatcher) {
  const { closed, destroyed } = dispatcher;
  return closed || destroyed;
}
function closeFirst(dispatchers) {
  const [first] = dispatchers;
  if (!first) return;
  dispatchers.delete(first[0]);
  void first[1].close().catch(() => void 0);
}
function connectionIdentity(connection = {}) {
  return keyOf(connection, connection.proxy?.reveal());
}
function trustIdentity({ ca, serverName, guarded, proxy } = {}) {
  return digestOf([ca, serverName, guarded, proxy?.reveal()]);
}
function keyOf({ ca, cert, key, serverName, guarded }, proxy) {
  return digestOf([ca, cert, key?.reveal(), serverName, guarded, proxy]);
}
function digestOf(parts) {
  return createHash3("sha256").update(JSON.stringify(parts)).digest("base64");
}
function openWith(agent, connection, proxy) {
  const tls = tlsOptions(connection);
  const lookup2 = connection.guarded && { lookup: guardedLookup };
  if (proxy === void 0) return new Agent({ ...agent, connect: { ...agent.connect, ...tls, ...lookup2 } });
  const { href, credentials } = splitProxy(proxy);
  return new ProxyAgent({
    ...agent,
    uri: href,
    ...credentials !== void 0 && { token: credentials },
    proxyTunnel: true,
    requestTls: { ...agent.connect, ...tls }
  });
}
function tlsOptions({ ca, cert, key, serverName }) {
  return {
    rejectUnauthorized: true,
    ...ca !== void 0 && { ca },
    ...cert !== void 0 && { cert },
    ...key && { key: key.reveal() },
    ...serverName !== void 0 && { servername: serverName }
  };
}
function splitProxy(proxy) {
  const url = new URL(proxy);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  if (username === "") return { href: url.href };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { href: url.href, credentials: `Basic ${Buffer.from(pair, "utf8").toString("base64")}` };
}
async function fetchThrough(dispatcher, request2, init = {}) {
  const { method, headers } = request2;
  const body = init.body ?? request2.body;
  const options = {
    method,
    headers: [...headers],
    ...body && { body, duplex: "half" },
    redirect: "manual",
    signal: init.signal ?? request2.signal,
    dispatcher
  };
  return await fetch(request2.url, options);
}

// src/runtime/decoded-text.ts
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
function decodedText(bytes, encoding, maxBytes) {
  const limit = { maxOutputLength: maxBytes };
  try {
    switch (encoding.toLowerCase()) {
      case "":
      case "identity":
        return bytes.toString();
      case "gzip":
      case "x-gzip":
        return gunzipSync(bytes, limit).toString();
      case "deflate":
        return inflateSync(bytes, limit).toString();
      case "br":
        return brotliDecompressSync(bytes, limit).toString();
      default:
        return "";
    }
  } catch {
    return "";
  }
}

// src/deliveries/read-answer.ts
var MAX_DISCARDED_BYTES = 256 * 1024;
async function readAnswer({ statusCode: status, headers, body }, { keepBytes, judges }) {
  const header = (name) => String(headers[name] ?? "");
  const isRead = judges?.(status) === true && isJudged(header("content-type"), header("content-length"));
  if (keepBytes === void 0 && !isRead) {
    await body.dump({ limit: MAX_DISCARDED_BYTES }).catch(() => void 0);
    return {};
  }
  const reading = readUpTo(body, Math.max(keepBytes ?? 0, isRead ? MAX_JUDGED_BYTES : 0));
  const bytes = await (keepBytes === void 0 ? reading.catch(() => Buffer.alloc(0)) : reading);
  const isWhole = isRead && bytes.length <= MAX_JUDGED_BYTES;
  return {
    ...isWhole && { judged: decodedText(bytes, header("content-encoding"), MAX_JUDGED_BYTES) },
    ...keepBytes !== void 0 && { response: kept(bytes, { status, keepBytes, type: headers["content-type"] }) }
  };
}
async function readUpTo(body, limit) {
  const chunks = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) break;
  }
  return Buffer.concat(chunks);
}
function kept(bytes, of) {
  const { status, keepBytes, type } = of;
  return {
    status,
    ...typeof type === "string" && { contentType: type },
    body: bytes.subarray(0, keepBytes),
    cut: bytes.length > keepBytes
  };
}

// src/deliveries/send-request.ts
var connections = createConnections({ agent: { connect: { timeout: 1e4 }, keepAliveTimeout: 1e4 } });
async function sendRequest(outgoing2, options) {
  const { url, method, headers } = outgoing2;
  const body = bodyOf(outgoing2, options);
  try {
    const answer = await connections.dispatcher(options.connection, url.origin).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: [...headers.flat(), ...body ? ["Content-Length", String(body.size)] : []],
      // The client asks for the next part when its socket has room.
      body: body?.content ?? null,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      ...options.signal && { signal: options.signal }
    });
    const { "retry-after": retryAfter, "www-authenticate": challenge, "dpop-nonce": dpopNonce } = answer.headers;
    const read = await readAnswer(answer, options);
    return {
      status: answer.statusCode,
      ...typeof retryAfter === "string" && { retryAfter },
      ...challenge !== void 0 && { challenge: String(challenge) },
      ...typeof dpopNonce === "string" && { dpopNonce },
      ...read
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw body?.fault() ?? appErrorIn(error) ?? failure(error, options);
  }
}
function bodyOf({ body, files }, { onSent }) {
  if (body.length === 0) return void 0;
  const size = body.reduce(
    (sum, part) => sum + (part.kind === "bytes" ? part.bytes.length : files[part.index].size),
    0
  );
  const [only] = body;
  if (body.length === 1 && only?.kind === "bytes") return { size, content: only.bytes, fault: () => void 0 };
  let fault;
  async function* bytes() {
    try {
      for (const part of body) {
        if (part.kind === "bytes") yield part.bytes;
        else yield* readFile(files[part.index], onSent);
      }
    } catch (error) {
      fault = error instanceof AppError ? error : unreadable(error);
      throw fault;
    }
  }
  return { size, content: bytes(), fault: () => fault };
}
function unreadable(error) {
  return new AppError(
    "file_unavailable",
    `a file of the delivery cannot be read (${systemErrorCode(error) ?? "unknown reason"})`
  );
}
var TIMEOUTS = ["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"];
var RESETS = ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"];
function failure(error, { target, service, timeoutMessage }) {
  const code = systemErrorCode(error) ?? "connection failed";
  const details = { transient: true, ...service !== void 0 && { service } };
  if (TIMEOUTS.includes(code))
    return new AppError("upstream_timeout", timeoutMessage ?? `${target} did not answer in time`, details);
  if (RESETS.includes(code))
    return new AppError("upstream_reset", `${target} closed the connection before its answer was complete`, details);
  return new AppError("upstream_unreachable", `${target} cannot be reached (${code})`, details);
}

// src/deliveries/send-delivery.ts
async function sendDelivery(job, index, context) {
  const { action, service } = context;
  const prepared = prepareRequest(action.plan, job, index, await action.values());
  const answer = service ? await sendToService(prepared, service, context) : await sendToUrl(prepared, context);
  return judge(answer, action.plan, context);
}
var DEFAULT_TIMEOUT_MS = 3e4;
function sendToUrl(prepared, context) {
  if (prepared.target.kind !== "url") throw new Error("a path needs a service");
  const { url, guarded } = prepared.target;
  return sendRequest(outgoing(prepared, url, []), {
    ...common(context),
    ...guarded && { connection: { guarded } },
    target: url.host,
    timeoutMs: DEFAULT_TIMEOUT_MS
  });
}
function common({ action, signal, onSent }) {
  const { keepResponseBytes } = action.plan;
  return {
    ...keepResponseBytes !== void 0 && { keepBytes: keepResponseBytes },
    ...signal && { signal },
    ...onSent && { onSent }
  };
}
async function sendToService(prepared, service, context) {
  const { plan } = service;
  const options = {
    ...common(context),
    target: `service \`${plan.name}\``,
    service: plan.name,
    timeoutMs: plan.timeoutMs,
    ...plan.timeoutMessage !== void 0 && { timeoutMessage: plan.timeoutMessage },
    judges: (status) => plan.judge(status, ANY_AGE) === "read"
  };
  const send = async (authorized) => {
    const request2 = authorize(prepared, authorized, service);
    return judgeToken(service, authorized, await sendProven2(request2, authorized, options, context.onAgain));
  };
  const answer = await send(await service.authorize(Math.min(plan.timeoutMs, MAX_MIN_TTL_MS)));
  if (answer.refusal !== "final") return answer;
  context.onAgain?.();
  return send(await service.authorize());
}
var ANY_AGE = () => Infinity;
function judgeToken(service, authorized, answer) {
  const { status, judged = "" } = answer;
  const verdict = service.judge(authorized, status, judged);
  if (verdict === "accepted") service.accept(authorized);
  if (verdict === "rejected") service.reject(authorized);
  const isYoung = verdict === "undecided" && service.plan.judge(status, ANY_AGE, judged) === "rejected";
  const refusal2 = verdict === "rejected" ? "final" : isYoung ? "young" : void 0;
  return { ...answer, ...refusal2 && { refusal: refusal2 } };
}
async function sendProven2(request2, authorized, options, onAgain) {
  const send = async () => {
    const proof = await proofHeaders(authorized, request2.method, request2.url);
    const { connection } = authorized;
    const reached = { ...options, ...connection && { connection } };
    const answer2 = await sendRequest({ ...request2, headers: [...request2.headers, ...proof] }, reached);
    return { answer: answer2, learned: authorized.credential.prover?.learn(request2.url, answer2.dpopNonce) };
  };
  const { answer, learned } = await send();
  if (!learned || !wantsNonce(answer.status, answer.challenge)) return answer;
  onAgain?.();
  return (await send()).answer;
}
var MAX_MIN_TTL_MS = 6e4;
function authorize(prepared, { serverUrl, injection }, { plan }) {
  if (prepared.target.kind !== "path") throw new Error("a service has a path");
  const url = new URL(serverUrl);
  const base = url.pathname.replace(/\/$/, "");
  const [path = "", ...query] = prepared.target.path.split("?");
  url.pathname = base + path;
  if (query.length > 0) url.search = query.join("?");
  for (const name of plan.removes.query) url.searchParams.delete(name);
  for (const [name, value] of injection.query) url.searchParams.set(name, value);
  const { headers, ...request2 } = outgoing(prepared, url, injection.headers);
  const taken = plan.removes.headers;
  const injected = new Set(injection.headers);
  return { ...request2, headers: headers.filter((header) => injected.has(header) || !taken.has(header[0].toLowerCase())) };
}
function outgoing(prepared, url, injected) {
  const { method, body, files, headers, idempotencyKey } = prepared;
  const said = new Set(headers.map(([name]) => name.toLowerCase()));
  const own = [
    ["User-Agent", `bearerd/${VERSION}`],
    ["Idempotency-Key", idempotencyKey]
  ];
  return {
    url,
    method,
    body,
    files,
    headers: [...own.filter(([name]) => !said.has(name.toLowerCase())), ...headers, ...injected]
  };
}
var RETRIED = /* @__PURE__ */ new Set([408, 425, 429]);
function judge(answer, plan, { nowMs }) {
  const { status, response, retryAfter, refusal: refusal2 } = answer;
  const success = plan.successStatus?.includes(status) ?? (status >= 200 && status < 300);
  if (success && !refusal2) return { status, ...response && { response } };
  const passes = plan.retry.on?.includes(status) ?? (RETRIED.has(status) || status >= 500);
  const transient = success ? refusal2 === "young" : passes;
  const retryAtMs = transient ? retryTime(retryAfter, nowMs()) : void 0;
  const details = {
    status,
    transient,
    ...plan.service !== void 0 && { service: plan.service },
    ...retryAtMs !== void 0 && { retryAtMs }
  };
  const who = plan.service === void 0 ? `the server of action \`${plan.name}\`` : `service \`${plan.service}\``;
  const why = success && refusal2 ? REFUSALS2[refusal2] : REASONS[status] ?? "";
  throw new AppError("delivery_refused", `${who} answered ${status}${why}`, details);
}
var REFUSALS2 = {
  young: ", which `reauthenticateOn` calls a refusal of the token; it is younger than `minAge`, and is not replaced yet",
  final: ", which `reauthenticateOn` calls a refusal of the token, also of a new one: check the account and its scope"
};
var REASONS = {
  401: ", also to a credential made anew: check the account",
  403: ": the account may not do this",
  404: ": check `path` and the serverUrl",
  413: ": the content is too large for it"
};
function retryTime(header, nowMs) {
  if (header === void 0) return void 0;
  const atMs = /^\d{1,9}$/.test(header) ? nowMs + Number(header) * 1e3 : Date.parse(header);
  return Number.isNaN(atMs) ? void 0 : Math.min(Math.max(atMs, nowMs), nowMs + 864e5);
}

// src/deliveries/deliver-now.ts
var MAX_PAUSE_MS = 3e4;
function deliverNow(context, options) {
  const id = randomUUID3();
  const feed2 = createProgressFeed();
  const result = run(id, context, options, feed2.push);
  result.then(feed2.end, feed2.fail);
  return { id, result, [Symbol.asyncIterator]: feed2.iterate };
}
async function run(id, context, options, report) {
  const job = await openJob(id, context, options);
  const requests = requestsOf(context.action.plan, job.files);
  const sent = [];
  for (let index = 0; index < requests.length; index++) {
    const before = requests.slice(0, index).flat();
    const sentBefore = before.reduce((sum, { size }) => sum + size, 0);
    sent.push(await sendOne({ job, index, context, options, sentBefore, report }));
  }
  return { id, requests: sent };
}
async function openJob(id, { action, clock, directory }, options) {
  const { plan } = action;
  const { files: given = [], input = {}, inputFrom = "json", params = {} } = options;
  checkFiles(plan, given.length);
  const checked = checkedInput(plan, input, inputFrom);
  const files = await openFiles(given, { directory, sha256: plan.needsSha256 });
  const job = { id, action: plan.name, params, input: checked, files, createdAtMs: clock.nowMs() };
  checkRequests(plan, job);
  return job;
}
async function sendOne(one) {
  const { job, index, context, options } = one;
  const { plan } = context.action;
  const { retry } = plan;
  const { attempts = retry.attemptsNow, signal } = options;
  const pauseMs = { min: Math.min(retry.minDelayMs, MAX_PAUSE_MS), max: Math.min(retry.maxDelayMs, MAX_PAUSE_MS) };
  const requests = requestsOf(plan, job.files);
  const [file, another] = requests[index];
  const name = file && !another ? { file: file.name } : {};
  const totalBytes = job.files.reduce((sum, { size }) => sum + size, 0);
  for (let attempt = 1; ; attempt++) {
    let sentBytes = one.sentBefore;
    const which = { request: index + 1, requests: requests.length, attempt, attempts, ...name, totalBytes };
    const tell = (failed) => one.report({ ...which, sentBytes, ...failed && { failed } });
    tell();
    try {
      const delivered = await sendDelivery(job, index, {
        action: context.action,
        service: context.service(job.params),
        nowMs: context.clock.nowMs,
        ...signal && { signal },
        onSent(bytes) {
          sentBytes += bytes;
          tell();
        },
        onAgain() {
          sentBytes = one.sentBefore;
        }
      });
      return { ...name, attempts: attempt, ...delivered };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const delayMs = retryDelay(error, attempt, pauseMs, context);
      if (!error.details.transient || attempt >= attempts)
        throw new AppError(error.code, error.message, { ...error.details, attempts: attempt });
      const { status } = error.details;
      tell({ code: error.code, message: error.message, nextMs: delayMs, ...status !== void 0 && { status } });
      await context.clock.sleep(delayMs, signal);
    }
  }
}

export {
  checkedInput,
  checkFiles,
  requestsOf,
  prepareRequest,
  checkRequests,
  retryDelay,
  pathBelow,
  valuesWithout,
  readValues,
  isSecretFile,
  digest,
  pauseAfter,
  isTooEarly,
  renewalMargin,
  CachedSource,
  createProvers,
  wantsNonce,
  familyOf,
  createLiveAccount,
  onAnyRenewed,
  clientSecretOf,
  feed,
  fedSecret,
  shareLiveAccount,
  adoptToken,
  createSecretSource,
  toRfc3339,
  toAuthorization,
  notAllowed,
  proofHeaders,
  createConnections,
  connectionIdentity,
  trustIdentity,
  fetchThrough,
  decodedText,
  sendDelivery,
  deliverNow,
  openJob
};
