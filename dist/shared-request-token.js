import {
  cleanerOf,
  compileRejections,
  jwtClaims,
  jwtHeader,
  jwtLifeMs,
  readSigningKey,
  signJwt,
  valueAt
} from "./shared-jose.js";
import {
  compileExpression,
  compileText,
  compileUri,
  describeExpression,
  hasHostFromValue,
  referenceKey,
  secretsIn,
  watchedPath
} from "./shared-text.js";
import {
  contentDisposition,
  formName,
  safeFileName
} from "./shared-file-name.js";
import {
  DEFAULT_REJECTIONS,
  GRANT_MEMBERS,
  analyzePath,
  atOnce,
  compilePattern,
  fitsInScope,
  grantTypeOf,
  keep,
  keyShape,
  leavesBase,
  mapValuesInSteps,
  rememberNothing
} from "./shared-pattern.js";
import {
  Secret,
  actionValues,
  callerSecrets,
  cleanForeignText,
  compileInputCheck,
  constantsOf,
  decodedOnce,
  definitionScopes,
  formatDuration,
  injectScope,
  oauth2Parts,
  parseTemplate,
  refreshScope,
  usesParameters
} from "./shared-template.js";
import {
  parseFile
} from "./shared-yaml.js";
import {
  suggest
} from "./shared-leven.js";
import {
  AppError
} from "./shared-error.js";

// src/compile/connected-request.ts
function connectRequests(step, plan) {
  if (!plan) return step;
  const { texts, words, connect } = plan;
  const connected = async (values, request) => {
    const built = await request;
    return { ...built, connection: connect(values) };
  };
  return {
    ...step,
    texts: [...step.texts, ...texts],
    proofs: [...step.proofs, ...texts],
    words: words ? [...step.words, words] : step.words,
    buildRequest: async (values) => connected(values, step.buildRequest(values)),
    buildRevocation: async (values, revocation) => connected(values, step.buildRevocation(values, revocation)),
    buildRefresh: async (values, refreshToken) => connected(values, step.buildRefresh(values, refreshToken))
  };
}

// src/compile/connection.ts
import { createPrivateKey, X509Certificate } from "node:crypto";
function compileConnection(settings, scope, { owner, uris }) {
  const text = (value) => value && compileText(value, scope);
  const { serverName } = settings;
  const named = {
    caFile: text(settings.caFile),
    certFile: text(settings.certFile),
    keyFile: text(settings.keyFile),
    proxy: text(settings.proxy)
  };
  const texts = Object.values(named).filter((part) => part !== void 0);
  const guarded = uris.some((uri) => uri !== void 0 && hasHostFromValue(uri, scope));
  const written = texts.length > 0 || serverName !== void 0;
  if (!written && !guarded) return void 0;
  const { caFile, certFile, keyFile, proxy } = named;
  return {
    texts,
    words: written ? [Object.keys(named).filter((name) => named[name]), serverName] : void 0,
    connect(values) {
      const ca = caFile && certificatesIn(caFile.render(values), `\`tls.caFile\` of ${owner}`);
      return {
        ...ca !== void 0 && { ca },
        ...certFile && keyFile && identityOf(certFile.render(values), keyFile.render(values), owner),
        ...serverName !== void 0 && { serverName },
        ...proxy && { proxy: new Secret(proxyOf(proxy.render(values), owner)) },
        ...guarded && { guarded: true }
      };
    }
  };
}
function certificatesIn(pem, label) {
  try {
    new X509Certificate(pem);
    return pem;
  } catch {
    throw unusable(`${label} holds no certificate in PEM form`);
  }
}
function identityOf(cert, key, owner) {
  certificatesIn(cert, `\`tls.certFile\` of ${owner}`);
  const privateKey = keyOf(key, owner);
  if (!new X509Certificate(cert).checkPrivateKey(privateKey))
    throw unusable(`\`tls.certFile\` and \`tls.keyFile\` of ${owner} do not belong together`);
  return { cert, key: new Secret(key) };
}
function keyOf(key, owner) {
  try {
    return createPrivateKey(key);
  } catch {
    throw unusable(`\`tls.keyFile\` of ${owner} is not a private key in PEM form without a passphrase`);
  }
}
function proxyOf(text, owner) {
  if (text === "environment" || /^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw unusable(`\`proxy\` of ${owner} is not an http or https URL`);
}
function unusable(message) {
  return new AppError("secret_unavailable", message);
}
function boundCertificate(plan) {
  const byCertificate = plan.kind === "oauth2" && plan.clientAuthMethod.endsWith("tls_client_auth");
  if (!byCertificate || !plan.connect) return void 0;
  const { connect } = plan;
  return (values) => {
    const { cert, key } = connect(values);
    return { ...cert !== void 0 && { cert }, ...key && { key } };
  };
}
function connectService(account, own) {
  const bound = boundCertificate(account);
  return bound && own ? (values) => ({ ...bound(values), ...own.connect(values) }) : own?.connect ?? bound;
}

// src/compile/steps/expand-template.ts
function compileNamed(values, scope) {
  return values.map(({ name, value }) => ({ name, text: compileText(value, scope) }));
}

// src/compile/credential.ts
function accountBearer(account, { inject, dpop }, scope) {
  const of = { account: account.name, proves: dpop !== void 0 };
  return bearerCredential(of, inject ?? plainBearer(account), injectScope(scope, account));
}
function plainBearer({ place }) {
  const value = { kind: "template", text: "{{bearer}}", place };
  return { in: "header", name: "Authorization", prefix: "Bearer ", prefixWritten: false, value, place };
}
function bearerCredential({ account, proves }, rule, scope) {
  return { kind: "bearer", account, proves, rule, text: compileText(rule.value, scope) };
}
function staticCredential(authorization, scope) {
  switch (authorization.kind) {
    case "none":
      return { kind: "none" };
    case "basic":
      return {
        kind: "basic",
        username: compileText(authorization.username, scope),
        password: compileText(authorization.password, scope)
      };
    default:
      return { kind: authorization.kind, values: compileNamed(authorization.values, scope) };
  }
}
function textsOf(credential) {
  if (credential.kind === "basic") return [credential.username, credential.password];
  return "values" in credential ? credential.values.map(({ text }) => text) : [];
}
function injectIdentity(credential) {
  if (credential.kind !== "bearer") return null;
  const { rule, text } = credential;
  return [rule.in, rule.name, rule.prefix, rule.prefixWritten, text.identity];
}

// src/compile/explain/token-response-words.ts
function tokenResponseWords({ tokenResponse, lifetime }) {
  return [...tokenResponse ? placeWords(tokenResponse) : [], ...lifetimeWords(lifetime)];
}
function responsePlaces({ tokenResponse }) {
  if (!tokenResponse) return [];
  const { publish, ...places } = tokenResponse;
  return [places, publish.map(({ name, at, hosts }) => [name, at, hosts])];
}
function placeWords({ token, expires, success, error, publish }) {
  const word = (key, text) => text === void 0 ? [] : [{ key: `tokenResponse.${key}`, text }];
  return [
    ...word("token", token && describeToken(token)),
    ...word("expires", expires && `life at ${expires.at} as ${expires.as}`),
    ...word("success", success && `success where ${success.at} is ${success.equals}`),
    ...word("error", error && `error code at ${error}`),
    ...publish.flatMap((entry) => word(`publish.${entry.name}`, describePublished(entry)))
  ];
}
function describeToken(token) {
  if (token.kind === "header") return `token in header ${token.name}`;
  return token.kind === "text" ? "the whole text is the token" : `token at ${token.pointers.join(", else ")}`;
}
function describePublished({ name, at, hosts }) {
  return `token.${name} from ${at}${hosts && hosts.length > 0 ? `, hosts ${hosts.join(", ")}` : ""}`;
}
function lifetimeWords({ defaultMs, maxMs, refreshBeforeMs, minIntervalMs }) {
  const word = (key, ms, text) => ms === void 0 ? [] : [{ key: `lifetime.${key}`, text: `${text} ${formatDuration(ms)}` }];
  return [
    ...word("default", defaultMs, "life where none is told"),
    ...word("max", maxMs, "life at most"),
    ...word("refreshBefore", refreshBeforeMs, "renewed before its end, at most"),
    ...word("minInterval", minIntervalMs, "no renewal before")
  ];
}

// src/compile/fingerprint.ts
import { createHash } from "node:crypto";
function fingerprint(...parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

// src/compile/identity.ts
function compileIdentity({ words, where, texts, proofs }) {
  const lasting = texts.filter((text) => !proofs.includes(text));
  return (values) => {
    const still = { ...values, uuid: () => "{{uuid}}", now: () => "{{now}}", ...TOKENS };
    const common = [words, where(still), lasting.map((text) => text.render(still))];
    return { token: secretOf([common, proofs.map((text) => text.render(still))]), family: secretOf(common) };
  };
}
var TOKENS = { refreshToken: new Secret("{{refreshToken}}"), token: { bearer: new Secret("{{bearer}}") } };
function secretOf(parts) {
  return new Secret(JSON.stringify(parts));
}

// src/compile/token/token-life.ts
var DEFAULT_LIFE_MS = 5 * 6e4;
var OVER_LIFE_MS = 1e3;
var YEAR_MS = 365 * 864e5;
var SKEW_MS = 1e4;
function compileLife({ bearerTokenType, tokenResponse, lifetime }) {
  const { expires } = tokenResponse ?? {};
  const maxMs = Math.min(lifetime.maxMs ?? YEAR_MS, YEAR_MS);
  return (token, response, nowMs) => {
    const standard = bearerTokenType === "access_token" ? DURATIONS.seconds(response.members.expires_in) : void 0;
    const told = expires ? toldMs(valueAt(response.members, expires.at), expires.as, serverNow(response, nowMs)) : standard;
    const own = jwtLifeMs(token, nowMs);
    if (bearerTokenType === "id_token" && own !== void 0 && own <= 0)
      return { lifeMs: OVER_LIFE_MS, lifeFrom: "exp" };
    const life = earlier(told, own) ?? assumed(lifetime.defaultMs);
    return { ...life, lifeMs: Math.min(life.lifeMs, maxMs), ...life.lifeMs > YEAR_MS && { implausible: true } };
  };
}
function earlier(told, own) {
  if (own !== void 0 && own > 0 && own <= (told ?? own)) return { lifeMs: own, lifeFrom: "exp" };
  return told === void 0 ? void 0 : { lifeMs: told, lifeFrom: "expires_in" };
}
function assumed(defaultMs) {
  return defaultMs === void 0 ? { lifeMs: DEFAULT_LIFE_MS, lifeFrom: "default" } : { lifeMs: defaultMs, lifeFrom: "lifetime" };
}
function serverNow({ serverTimeMs }, nowMs) {
  return serverTimeMs !== void 0 && Math.abs(serverTimeMs - nowMs) > SKEW_MS ? serverTimeMs : nowMs;
}
var DURATIONS = {
  seconds: (value) => positive(numberOf(value), 1e3),
  milliseconds: (value) => positive(numberOf(value), 1)
};
function toldMs(value, unit, nowMs) {
  switch (unit) {
    case "seconds":
    case "milliseconds":
      return DURATIONS[unit](value);
    case "unix":
      return until(positive(numberOf(value), 1e3), nowMs);
    case "unix_ms":
      return until(positive(numberOf(value), 1), nowMs);
    case "datetime":
      return until(timeOf(value), nowMs);
  }
}
function until(atMs, nowMs) {
  return atMs === void 0 ? void 0 : positive(atMs - nowMs, 1);
}
function numberOf(value) {
  const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : void 0;
}
function positive(value, unitMs) {
  return value !== void 0 && value > 0 ? value * unitMs : void 0;
}
function timeOf(value) {
  if (typeof value !== "string") return void 0;
  const text = value.trim().replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, "$1T");
  const atMs = Date.parse(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? `${text}Z` : text);
  return Number.isFinite(atMs) ? atMs : void 0;
}

// src/compile/steps/pick-bearer.ts
function compilePickBearer(account, oauth2, asked) {
  const { bearerTokenType, tokenResponse, refresh } = oauth2;
  const refreshAt = typeof refresh === "object" ? refresh.token : "/refresh_token";
  const lifeOf = compileLife(oauth2);
  return (response, nowMs) => {
    const { status, members, endpoint } = response;
    const details = { account, status, ...endpoint !== void 0 && { endpoint } };
    const clean = cleanerOf(response);
    const token = readToken(response, oauth2, details);
    if (oauth2.dpop) checkBound(members.token_type, details, clean);
    const foreignType = bearerTokenType === "access_token" && !oauth2.dpop ? foreignTypeOf(members.token_type, clean) : void 0;
    const narrowedScope = narrowed(members.scope, asked, clean);
    return {
      bearer: new Secret(token),
      ...lifeOf(token, response, nowMs),
      ...foreignType !== void 0 && { foreignType },
      ...narrowedScope !== void 0 && { narrowedScope },
      ...refreshTokenOf(valueAt(members, refreshAt)),
      ...publishedOf(tokenResponse?.publish ?? [], response, details)
    };
  };
}
function readToken(response, { bearerTokenType, tokenResponse }, details) {
  const { members } = response;
  const place = tokenResponse?.token ?? { kind: "members", pointers: [`/${bearerTokenType}`] };
  const found = place.kind === "members" ? place.pointers.map((pointer) => valueAt(members, pointer)) : [response.token];
  const token = found.find((value) => typeof value === "string" && value !== "");
  if (token === void 0)
    throw invalid(
      `the response has no ${placeWords2(tokenResponse, bearerTokenType)}; it has: ${present(response)}`,
      details
    );
  if (/[^\x21-\x7e]/.test(token)) throw invalid(`the ${bearerTokenType} holds blanks or control characters`, details);
  return token;
}
function placeWords2(rule, member) {
  const token = rule?.token;
  if (!token) return member;
  if (token.kind === "header") return `header ${token.name}`;
  return token.kind === "text" ? "token as its text" : `token at ${token.pointers.join(" or ")}`;
}
function present(response) {
  const clean = cleanerOf(response);
  const names = Object.keys(response.members).slice(0, 10);
  return names.map((name) => clean(name, 40)).join(", ") || "nothing";
}
function publishedOf(publish, response, details) {
  if (publish.length === 0) return {};
  const entries = publish.map(({ name, at }) => {
    const value = valueAt(response.members, at);
    if (value === void 0 || value === null || value === "" || typeof value === "object")
      throw invalid(`the response has nothing at ${at} to publish as ${name}; it has: ${present(response)}`, details);
    return [name, new Secret(String(value))];
  });
  return { published: Object.fromEntries(entries) };
}
function refreshTokenOf(token) {
  const usable = typeof token === "string" && /^[\x20-\x7e]+$/.test(token);
  return usable ? { refreshToken: new Secret(token) } : {};
}
var BEARER_TYPES = /* @__PURE__ */ new Set(["bearer", "bearertoken", "application access token", "user access token"]);
function foreignTypeOf(type, clean) {
  if (type === void 0 || type === null || BEARER_TYPES.has(String(type).toLowerCase())) return void 0;
  return clean(String(type), 40);
}
function checkBound(type, details, clean) {
  if (String(type).toLowerCase() === "dpop") return;
  const said = type === void 0 ? "no token_type" : `token_type \`${clean(String(type), 40)}\``;
  throw invalid(`${said}, not DPoP: the token is not bound to the key, see \`dpop\``, details);
}
function invalid(reason, details) {
  const who = details.endpoint === void 0 ? "" : `${details.endpoint} answered ${details.status}: `;
  return new AppError("token_invalid_response", `account \`${details.account}\`: ${who}${reason}`, details);
}
function narrowed(granted, asked, clean) {
  const list = Array.isArray(granted) ? granted.map(String) : typeof granted === "string" ? [granted] : void 0;
  const given = list?.flatMap(wordsOf);
  if (!given || asked.flatMap(wordsOf).every((scope) => given.includes(scope))) return void 0;
  return clean(given.join(" "));
}
function wordsOf(scopes) {
  return scopes.split(/[\s,]+/).filter((word) => word !== "");
}

// src/compile/actions/json-template.ts
function compileJson(json, scope) {
  switch (json.kind) {
    case "literal":
      return { texts: [], words: json.value, value: () => json.value };
    case "text":
      return compileJsonText(json.value, scope);
    case "list": {
      const items = json.items.map((item) => compileJson(item, scope));
      return {
        texts: items.flatMap(({ texts }) => texts),
        words: items.map(({ words }) => words),
        value: (values) => items.map((item) => item.value(values) ?? null)
      };
    }
    case "object": {
      const members = json.members.map(([name, item]) => [name, compileJson(item, scope)]);
      return {
        texts: members.flatMap(([, { texts }]) => texts),
        words: { members: members.map(([name, { words }]) => [name, words]) },
        value: (values) => Object.fromEntries(members.map(([name, item]) => [name, item.value(values)]))
      };
    }
  }
}
function compileJsonText(value, scope) {
  const text = compileText(value, scope);
  const words = { text: text.identity };
  const sole = soleGiven(value, scope);
  if (!sole) return { texts: [text], words, value: (values) => text.render(values) };
  const typed = (values) => {
    const given = values.given?.(sole.name);
    return given === void 0 && !sole.optional ? text.render(values) : given;
  };
  return { texts: [text], words, value: typed };
}
function soleGiven(value, scope) {
  const parsed = value.kind === "template" ? parseTemplate(value.text) : void 0;
  const [part, ...more] = parsed?.ok ? parsed.parts : [];
  if (part?.kind !== "expression" || part.expression.kind !== "variable" || more.length > 0) return void 0;
  const binding = scope.lookup(part.expression.name);
  return binding?.kind === "given" ? binding : void 0;
}

// src/compile/token/certificate-thumbprint.ts
import { KeyObject, X509Certificate as X509Certificate2 } from "node:crypto";
function certificateThumbprint(text, key, label) {
  if (text.includes("-----BEGIN")) return thumbprintOf(readCertificate(text, label), key, label);
  const trimmed = text.trim();
  const hex = trimmed.replaceAll(":", "");
  if (/^[0-9a-f]{64}$/i.test(hex)) return Buffer.from(hex, "hex").toString("base64url");
  if (/^[\w+/-]{43}=?$/.test(trimmed)) return Buffer.from(trimmed, "base64").toString("base64url");
  throw unusable2(label, "is neither a certificate in PEM form nor the SHA-256 thumbprint of one");
}
function readCertificate(text, label) {
  try {
    return new X509Certificate2(text);
  } catch {
    throw unusable2(label, "is not a certificate in PEM form");
  }
}
function thumbprintOf(certificate, key, label) {
  if (key instanceof KeyObject && !certificate.checkPrivateKey(key))
    throw unusable2(label, "the certificate is that of another key");
  return Buffer.from(certificate.fingerprint256.replaceAll(":", ""), "hex").toString("base64url");
}
function unusable2(label, reason) {
  return new AppError("secret_unavailable", `${label} ${reason}`);
}

// src/compile/token/jwt-assertion.ts
var ISSUED_EARLIER_SECONDS = 5;
function compileAssertion(assertion, scope, label) {
  const text = (value) => value && compileText(value, scope);
  const [key, kid, x5t, audience] = [assertion.key, assertion.kid, assertion.x5t, assertion.audience].map(text);
  const claims = compileJson(assertion.claims, scope);
  const { alg, typ, lifetimeMs } = assertion;
  const signingKey = (values, secret = "") => key ? readSigningKey(key.render(values), { label: `${label}: \`key\``, alg }) : secretKey(secret, label, alg);
  const named = { key, kid, x5t, audience };
  return {
    texts: [...Object.values(named).filter((part) => part !== void 0), ...claims.texts],
    words: [Object.keys(named).filter((name) => named[name]), alg, typ, lifetimeMs, claims.words],
    async sign(values, defaults) {
      const signing = signingKey(values, defaults.secret);
      const keyId = kid?.render(values) ?? signing.kid;
      const header = {
        alg: signing.alg,
        typ: typ ?? defaults.typ,
        ...keyId !== void 0 && { kid: keyId },
        ...x5t && { "x5t#S256": certificateThumbprint(x5t.render(values), signing.key, `${label}: \`x5t\``) }
      };
      const issuedAt = Math.floor(Date.parse(values.now()) / 1e3) - ISSUED_EARLIER_SECONDS;
      const standard = {
        iss: defaults.issuer,
        sub: defaults.subject,
        aud: audience?.render(values) ?? defaults.audience,
        iat: issuedAt,
        // Counted from `iat`: some servers allow no more than an hour between the two.
        exp: issuedAt + Math.ceil(lifetimeMs / 1e3),
        jti: values.uuid()
      };
      return signJwt(header, withoutNull({ ...standard, ...claims.value(values) }), signing.key);
    }
  };
}
function secretKey(secret, label, alg = "HS256") {
  if (secret === "") throw new AppError("secret_unavailable", `${label}: an empty secret signs nothing`);
  return { key: new TextEncoder().encode(secret), alg };
}
function withoutNull(claims) {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
}

// src/compile/token/client-auth.ts
function compileClientAuth(account, oauth2, scope) {
  switch (oauth2.clientAuthMethod) {
    case "client_secret_basic": {
      const encode = oauth2.basicEncoding === "form" ? formEncode : (text) => text;
      return plain(({ clientId, clientSecret }) => ({
        headers: [["Authorization", basicCredentials(encode(clientId), encode(clientSecret))]],
        params: []
      }));
    }
    case "client_secret_post":
      return plain(({ clientId, clientSecret }) => inBody(["client_id", clientId], ["client_secret", clientSecret]));
    case "none":
      return plain(({ clientId }) => clientId === "" ? inBody() : inBody(["client_id", clientId]));
    case "tls_client_auth":
    case "self_signed_tls_client_auth":
      return plain(({ clientId }) => inBody(["client_id", clientId]));
    case "client_secret_jwt":
    case "private_key_jwt":
      return compileClientAssertion(account, oauth2.clientAssertion, scope);
  }
}
function plain(authenticate) {
  return { texts: [], passing: [], words: [], authenticate };
}
function inBody(...params) {
  return { headers: [], params };
}
function asserted(clientId, type, assertion) {
  const params = inBody(["client_id", clientId], ["client_assertion_type", type], ["client_assertion", assertion]);
  return { ...params, secrets: [assertion] };
}
function asBearer(assertion) {
  return { headers: [["Authorization", `Bearer ${assertion}`]], params: [], secrets: [assertion] };
}
var JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
var SHORTEST_SECRET_BYTES = 32;
function compileClientAssertion(account, assertion, scope) {
  const label = `\`clientAssertion\` of account \`${account}\``;
  if (assertion.kind === "kept") return compileKept(assertion, scope, label);
  const { sign, ...parts } = compileAssertion(assertion, scope, label);
  return {
    ...parts,
    words: [parts.words, assertion.in],
    passing: [],
    async authenticate({ clientId, clientSecret, values, url }) {
      const issuer = values.server?.issuer;
      const jwt = await sign(values, {
        issuer: clientId,
        subject: clientId,
        audience: issuer ?? withoutQuery(url),
        // Typed where the audience is the issuer, as RFC 7523bis wants both: servers that are told their URL only are older.
        typ: issuer === void 0 ? "JWT" : "client-authentication+jwt",
        secret: clientSecret
      });
      const short = !assertion.key && Buffer.byteLength(clientSecret) < SHORTEST_SECRET_BYTES;
      const warning = `the client secret is shorter than ${SHORTEST_SECRET_BYTES} bytes, which makes client_secret_jwt guessable (RFC 7518 section 3.2)`;
      const proof = assertion.in === "header" ? asBearer(jwt) : asserted(clientId, JWT_BEARER, jwt);
      return { ...proof, ...short && { warning } };
    }
  };
}
function withoutQuery({ origin, pathname }) {
  return origin + pathname;
}
function compileKept({ value, type }, scope, label) {
  const text = compileText(value, scope);
  return {
    texts: [],
    passing: [text],
    words: [text.identity, type],
    authenticate({ clientId, values }) {
      const assertion = text.render(values);
      checkKept(assertion, values, label);
      return asserted(clientId, type ?? JWT_BEARER, assertion);
    }
  };
}
function checkKept(assertion, values, label) {
  const fault = (reason) => new AppError("secret_unavailable", `${label}: ${reason}`, { transient: true });
  if (keyShape(assertion) !== "none")
    throw fault("the file holds a key, not an assertion: write `key: { file: \u2026 }` to sign with it");
  if (!/^[\x21-\x7e]+$/.test(assertion)) throw fault("the file holds no assertion");
  const exp = jwtClaims(assertion)?.exp;
  if (typeof exp !== "number" || !Number.isFinite(exp) || exp * 1e3 > Date.parse(values.now())) return;
  throw fault(`the assertion in the file expired at ${expiryText(exp)}; is the program that renews it running?`);
}
function expiryText(exp) {
  const date = new Date(exp * 1e3);
  return Number.isNaN(date.getTime()) ? String(exp) : date.toISOString();
}
function basicCredentials(username, password) {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}
function formEncode(text) {
  return percentEncode(text).replaceAll("%20", "+");
}
function percentEncode(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

// src/compile/token/client-secrets.ts
function compileClientSecrets({ clientSecrets }, scope) {
  const texts = clientSecrets.map((secret) => compileText(secret, scope));
  const render = (values) => texts.map((text) => text.render(values));
  const several = {
    identities: texts.map(({ identity }) => identity),
    read: (values) => render(values).map((text) => new Secret(text))
  };
  return {
    all: texts.length > 0 ? [together(texts)] : [],
    ...texts.length > 1 && { several },
    render: (values) => texts[values.clientSecret ?? 0]?.render(values) ?? ""
  };
}
function together(texts) {
  return {
    references: texts.flatMap(({ references }) => references),
    dynamic: texts.some(({ dynamic }) => dynamic),
    identity: fingerprint(distinct(texts.map(({ identity }) => identity))),
    render: (values) => JSON.stringify(distinct(texts.map((text) => text.render(values))))
  };
}
function distinct(texts) {
  return [...new Set(texts)].sort();
}

// src/compile/token/grants.ts
var FORMS = {
  username: withoutLineBreaks,
  password: withoutLineBreaks,
  refreshToken: withoutLineBreaks,
  assertion: (text, context) => context.grant === "saml2_bearer" ? samlAssertion(text) : liveToken(text, context),
  subjectToken: liveToken,
  actorToken: liveToken
};
function compileGrant(account, oauth2, scope) {
  const { grant, signedAssertion } = oauth2;
  const type = grantTypeOf(oauth2);
  const label = `\`assertion\` of account \`${account}\``;
  const signed = signedAssertion && compileAssertion(signedAssertion, scope, label);
  const parts = GRANT_MEMBERS[grant].members.flatMap((member) => {
    const value = oauth2[member.key];
    return value ? [{ ...member, text: compileText(value, scope) }] : [];
  });
  return {
    texts: [
      ...parts.map(({ key, text }) => ({ name: key, text })),
      ...(signed?.texts ?? []).map((text) => ({ name: "assertion", text }))
    ],
    words: signed?.words ?? [],
    async params(values, asking) {
      const nowMs = Date.parse(values.now());
      const sent = parts.map(({ key, name, text }) => {
        const read = text.render(values);
        return { name, read, value: FORMS[key]?.(read, { key, account, grant, nowMs }) ?? read, secret: key in FORMS };
      });
      const jwt = await signed?.sign(values, defaultsOf(asking, values));
      return {
        type: type === void 0 ? [] : [["grant_type", type]],
        members: [
          ...sent.map(({ name, value }) => [name, value]),
          ...jwt === void 0 ? [] : [["assertion", jwt]]
        ],
        secrets: [...sent.flatMap(({ read, value, secret }) => secret ? [read, value] : []), jwt ?? ""]
      };
    }
  };
}
function defaultsOf({ clientId, url }, { server }) {
  const subject = clientId === "" ? void 0 : clientId;
  return { issuer: subject, subject, audience: server?.issuer ?? url.origin + url.pathname, typ: "JWT" };
}
function withoutLineBreaks(text, { key, account }) {
  if (!/[\r\n]/.test(text)) return text;
  throw new AppError("secret_unavailable", `\`${key}\` of account \`${account}\` holds a line break`, { account });
}
function liveToken(text, { key, account, nowMs }) {
  const token = text.trim();
  if (keyShape(token) !== "none") {
    const sign = key === "assertion" ? `: write \`assertion: { key: { file: \u2026 } }\` to sign with it` : "";
    const message = `\`${key}\` of account \`${account}\` holds a key, not a token${sign}`;
    throw new AppError("secret_unavailable", message, { account });
  }
  const exp = jwtClaims(token)?.exp;
  if (typeof exp !== "number" || exp * 1e3 > nowMs) return token;
  const ended = Math.abs(exp) < 864e10 ? ` at ${new Date(exp * 1e3).toISOString()}` : "";
  throw new AppError(
    "secret_unavailable",
    `\`${key}\` of account \`${account}\` expired${ended}; does what writes it still run?`,
    { account, transient: true }
  );
}
function samlAssertion(text) {
  const assertion = text.trim();
  return assertion.startsWith("<") ? Buffer.from(assertion, "utf8").toString("base64url") : assertion.replace(/\s+/g, "");
}

// src/compile/header-value.ts
function isHeaderValue(text) {
  return !/[^\t\x20-\x7e\x80-\xff]/.test(text);
}

// src/compile/token/request-params.ts
function compileParams(params, scope) {
  const compiled = params.map(({ name, param }) => ({ name, ...compileParam(param, scope) }));
  return {
    texts: compiled.flatMap(({ texts }) => texts),
    words: compiled.map(({ name, word }) => [name, word]),
    render: (values) => compiled.map(({ name, render }) => [name, render(values)])
  };
}
function compileParam(param, scope) {
  switch (param.kind) {
    case "constant":
      return { texts: [], word: [param.constant], render: () => param.constant };
    case "value": {
      const text = compileText(param.value, scope);
      return { texts: [text], word: "text", render: text.render };
    }
    case "list": {
      const items = param.items.map((item) => compileParam(item, scope));
      return {
        texts: items.flatMap(({ texts }) => texts),
        word: ["list", ...items.map(({ word }) => word)],
        render: (values) => items.map(({ render }) => render(values))
      };
    }
    case "mapping": {
      const { texts, words, render } = compileParams(param.entries, scope);
      return { texts, word: ["mapping", ...words], render: (values) => Object.fromEntries(render(values)) };
    }
  }
}
function compileSeveral(name, values, scope) {
  const texts = values.map((value) => compileText(value, scope));
  return {
    texts,
    words: [name, texts.length],
    render(given) {
      const rendered = texts.map((text) => text.render(given));
      if (rendered.length === 0) return [];
      return [[name, rendered.length === 1 ? rendered[0] : rendered]];
    }
  };
}
function compileHeaders(account, headers, scope) {
  const compiled = headers.map(({ name, value }) => ({ name, text: compileText(value, scope) }));
  return {
    texts: compiled.map(({ text }) => text),
    words: compiled.map(({ name }) => name.toLowerCase()),
    render: (values) => compiled.map(({ name, text }) => [name, headerValue(account, name, text.render(values))])
  };
}
function headerValue(account, name, text) {
  if (isHeaderValue(text)) return text;
  const message = `the value of header \`${name}\` of account \`${account}\` holds characters that no header may hold`;
  throw new AppError("secret_unavailable", message, { account });
}
function mergeHeaders(headers) {
  const merged = /* @__PURE__ */ new Map();
  for (const [name, value] of headers) merged.set(name.toLowerCase(), [name, value]);
  return [...merged.values()];
}

// src/compile/token/refresh.ts
var STANDARD = { params: [], headers: [], token: "/refresh_token" };
function compileRefresh(account, oauth2, scope) {
  const { accessTokenUri, params, headers, token } = typeof oauth2.refresh === "object" ? oauth2.refresh : STANDARD;
  const tokens = refreshScope(scope);
  const compiled = { params: compileParams(params, tokens), headers: compileHeaders(account, headers, tokens) };
  const { allowHttp } = oauth2;
  const url = accessTokenUri && compileUri(accessTokenUri, scope, { allowHttp, label: "refresh.accessTokenUri" });
  const texts = [...compiled.params.texts, ...compiled.headers.texts];
  const named = namedTokens(oauth2);
  return {
    texts: [...texts, ...url ? [{ ...url, render: (values) => url.expand(values).href }] : []],
    words: oauth2.refresh === "auto" || oauth2.refresh === "never" ? [] : [token, compiled.params.words, compiled.headers.words],
    takesBearer: named.has("bearer"),
    ...url && { url },
    render(values) {
      const refreshToken = values.refreshToken.reveal();
      const rendered = compiled.headers.render(values);
      const shown2 = named.size > 0 ? rendered.map(([, value]) => value) : [];
      return {
        // Who says where the token goes says everything.
        members: named.size > 0 ? [] : standardMembers(refreshToken),
        params: compiled.params.render(values),
        headers: rendered,
        secrets: [
          refreshToken,
          ...values.token ? [values.token.bearer.reveal()] : [],
          ...shown2,
          ...secretsIn(texts, values)
        ]
      };
    }
  };
}
function standardMembers(refreshToken) {
  return [
    ["grant_type", "refresh_token"],
    ["refresh_token", refreshToken]
  ];
}
function namedTokens(oauth2) {
  const names = oauth2Parts(oauth2).flatMap(({ value, refresh }) => {
    const parsed = refresh && value.kind === "template" ? parseTemplate(value.text) : void 0;
    return parsed?.ok ? parsed.variables.map(({ name }) => name) : [];
  });
  return new Set(names.filter((name) => name === "refreshToken" || name === "bearer"));
}

// src/compile/token/request-body.ts
function encodeRequest(url, format, params) {
  const taken = new Set(url.searchParams.keys());
  const sent = params.filter(([name, value]) => {
    if (taken.has(name) || format !== "json" && isEmpty(value)) return false;
    taken.add(name);
    return true;
  });
  switch (format) {
    case "form":
      return { url, body: encodeForm(sent), contentType: "application/x-www-form-urlencoded" };
    case "json":
      return { url, body: encodeJson(sent), contentType: "application/json" };
    case "query":
      return { url: withQuery(url, encodeForm(sent)), body: "" };
  }
}
function isEmpty(value) {
  return value === "" || Array.isArray(value) && value.length === 0;
}
function encodeForm(params) {
  const pairs = params.flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((item) => [name, item]));
  const sent = pairs.filter(([, value]) => value !== "");
  return sent.map((pair) => pair.map((part) => percentEncode(String(part))).join("=")).join("&");
}
function encodeJson(params) {
  return JSON.stringify(Object.fromEntries(params));
}
function withQuery(url, query) {
  const extended = new URL(url);
  if (query !== "") extended.search = url.search === "" ? query : `${url.search}&${query}`;
  return extended;
}

// src/compile/token/scopes.ts
function compileScopes(account, oauth2, scope) {
  const { scope: written, scopeTemplates } = oauth2;
  const place = scopeTemplates[0]?.place;
  if (!place) return { texts: [], words: written, render: () => written };
  const wholes = written.map((text) => compileText({ kind: "template", text, place }, scope));
  const items = written.map((text) => compileItem(text, { account, oauth2, scope }));
  return {
    texts: wholes.filter(({ constant }) => constant === void 0),
    words: wholes.map(({ constant }) => constant ?? null),
    render: (values) => items.map((render) => render(values))
  };
}
function compileItem(text, context) {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error("compiling a scope that the rules refused");
  const parts = parsed.parts.map((part) => compilePart(part, context));
  return (values) => parts.map((render) => render(values)).join("");
}
function compilePart(part, { account, oauth2, scope }) {
  if (part.kind === "text") return () => part.text;
  const { constant, render } = compileExpression(part.expression, scope);
  const checked = (text, code) => {
    if (text !== "" && fitsInScope(text, oauth2.tokenRequest.scopeSeparator)) return text;
    const name = describeExpression(part.expression);
    const message = `the value of {{${name}}} is no part of one scope, as \`scope\` of account \`${account}\` wants it`;
    throw new AppError(code, message, { account });
  };
  if (constant === void 0) return (values) => checked(render(values), "invalid_template_value");
  checked(constant, "invalid_parameter");
  return () => constant;
}

// src/compile/steps/request-token.ts
function compileRequest(account, oauth2, url, scope) {
  const settings = oauth2.tokenRequest;
  const client = compileClient(account, oauth2, scope);
  const grant = compileGrant(account, oauth2, scope);
  const scopes = compileScopes(account, oauth2, scope);
  const targets = [
    compileSeveral("audience", oauth2.audience, scope),
    compileSeveral("resource", oauth2.resource, scope)
  ];
  const refresh = compileRefresh(account, oauth2, scope);
  const params = compileParams(settings.params, scope);
  const headers = compileHeaders(account, settings.headers, scope);
  const texts = [
    ...client.texts,
    ...grant.texts,
    ...[scopes, ...targets, params, headers, refresh].flatMap((plan) => plan.texts.map(unnamed))
  ];
  const own = [...grant.texts.map(({ text }) => text), ...scopes.texts, ...params.texts];
  const build = compileBuild(oauth2, url, { client, targets, headers });
  return {
    texts: texts.map(({ text }) => text),
    proofs: client.proofs,
    passing: client.passing,
    ...client.secrets && { clientSecrets: client.secrets },
    words: [
      [oauth2.grant, oauth2.clientAuthMethod, oauth2.basicEncoding, scopes.words, texts.map(({ name }) => name)],
      [client.words, grant.words],
      [settings.method, settings.format, settings.scopeSeparator, settings.grantType, settings.clientIdInBody],
      [Object.entries(settings.names), params.words, headers.words, targets.map(({ words }) => words), refresh.words]
    ],
    buildRequest: async (values) => {
      const asking = { clientId: client.idOf(values), url: url.expand(values) };
      const { type, members, secrets } = await grant.params(values, asking);
      const hidden = [...secrets, ...secretsIn(own, values)];
      const asked = scopeMember(scopes.render(values), oauth2);
      return build(values, { members: [...type, ...asked, ...members], extra: params.render(values), secrets: hidden });
    },
    buildRefresh: async (values, { refreshToken, bearer }) => {
      const known = { ...values, refreshToken, ...bearer && { token: { bearer } } };
      const { params: extra, ...parts } = refresh.render(known);
      return build(known, { ...parts, extra, url: refresh.url });
    },
    knownScopes: scopes.words.filter((text) => text !== null),
    ownRefresh: typeof oauth2.refresh === "object" ? { takesBearer: refresh.takesBearer } : void 0,
    buildRevocation: (values, revocation) => buildRevocation(client, values, revocation)
  };
}
function scopeMember(scopes, { tokenRequest }) {
  return scopes.length > 0 ? [["scope", scopes.join(tokenRequest.scopeSeparator)]] : [];
}
function compileBuild({ tokenRequest: settings }, url, { client, targets, headers }) {
  const common = [url, ...[...targets, headers].flatMap((plan) => plan.texts), ...client.texts.map(({ text }) => text)];
  return async (values, sending) => {
    const { members, extra, secrets } = sending;
    const target = (sending.url ?? url).expand(values);
    const proof = await client.authenticate(values, target);
    const standard = [...members, ...targets.flatMap((target2) => target2.render(values)), ...proof.params];
    const renamed = standard.map(([name, value]) => [settings.names[name] ?? name, value]);
    const sent = encodeRequest(target, settings.format, withOwn(renamed, extra));
    const hidden = [...secrets, ...proof.secrets, ...secretsIn(common, values)];
    return {
      url: sent.url,
      method: settings.method,
      headers: mergeHeaders([
        ...standardHeaders(sent.contentType),
        ...proof.headers,
        ...headers.render(values),
        ...sending.headers ?? []
      ]),
      body: sent.body,
      secrets: secretsOf(hidden),
      ...proof.warning !== void 0 && { warning: proof.warning }
    };
  };
}
function withOwn(members, own) {
  const names = new Set(own.map(([name]) => name));
  return [...members.filter(([name]) => !names.has(name)), ...own];
}
async function buildRevocation(client, values, { endpoint, token, hint }) {
  const proof = await client.authenticate(values, endpoint);
  const text = token.reveal();
  const members = [
    ["token", text],
    ["token_type_hint", hint]
  ];
  const { url, body, contentType } = encodeRequest(endpoint, "form", [...members, ...proof.params]);
  const headers = mergeHeaders([...standardHeaders(contentType), ...proof.headers]);
  return { url, method: "POST", headers, body, secrets: secretsOf([text, ...proof.secrets]) };
}
function unnamed(text) {
  return { name: "", text };
}
function compileClient(account, oauth2, scope) {
  const clientId = optionalText("clientId", oauth2.clientId, scope);
  const clientSecret = compileClientSecrets(oauth2, scope);
  const { texts, passing, words, authenticate } = compileClientAuth(account, oauth2, scope);
  return {
    texts: [...clientId, ...clientSecret.all.map((text) => ({ name: "clientSecret", text })), ...texts.map(unnamed)],
    proofs: [...clientSecret.all, ...texts],
    passing,
    secrets: clientSecret.several,
    words,
    idOf: (values) => clientId[0]?.text.render(values) ?? "",
    async authenticate(values, url) {
      const id = clientId[0]?.text.render(values) ?? "";
      const secret = clientSecret.render(values);
      const proof = await authenticate({ clientId: id, clientSecret: secret, values, url });
      const secrets = [secret, ...basicForms(id, secret), ...proof.secrets ?? []];
      return { ...proof, params: withClientId(proof.params, id, oauth2), secrets };
    }
  };
}
function optionalText(name, value, scope) {
  return value ? [{ name, text: compileText(value, scope) }] : [];
}
function withClientId(params, id, { tokenRequest: { clientIdInBody } }) {
  const others = params.filter(([name]) => name !== "client_id");
  if (clientIdInBody === void 0) return params;
  return clientIdInBody ? [["client_id", id], ...others] : others;
}
function standardHeaders(contentType) {
  const accept = ["Accept", "application/json"];
  return contentType === void 0 ? [accept] : [accept, ["Content-Type", contentType]];
}
function basicForms(id, secret) {
  if (secret === "") return [];
  const basic = [basicCredentials(id, secret), basicCredentials(formEncode(id), formEncode(secret))];
  return basic.map((text) => text.slice("Basic ".length));
}
function secretsOf(texts) {
  const forms = texts.flatMap((text) => [text, percentEncode(text), formEncode(text), JSON.stringify(text).slice(1, -1)]);
  const known = new Set(forms);
  known.delete("");
  return [...known].map((text) => new Secret(text));
}

// src/compile/steps/resolve-secrets.ts
function collectReferences(parts) {
  const unique = /* @__PURE__ */ new Map();
  for (const reference of parts.flatMap((part) => part.references)) unique.set(referenceKey(reference), reference);
  return [...unique.values()];
}

// src/compile/token/authorization-server.ts
function compileServer(oauth2, scope) {
  const { accessTokenUri, allowHttp } = oauth2;
  const written = accessTokenUri && compileUri(accessTokenUri, scope, { allowHttp, label: "accessTokenUri" });
  const issuer = oauth2.issuer && compileIssuer(oauth2, scope);
  return {
    tokenEndpoint: written ?? discovered(issuer),
    ...issuer && { issuer },
    where: (values) => [written?.expand(values).href, issuer?.expand(values).identifier]
  };
}
function compileIssuer({ issuer, accessTokenUri, allowHttp }, scope) {
  const uri = compileUri(issuer, scope, { allowHttp, label: "issuer" });
  const text = compileText(issuer, scope);
  const { references, dynamic, identity } = uri;
  const expand = (values) => ({ identifier: text.render(values), url: uri.expand(values) });
  return { references, dynamic, identity, discovers: accessTokenUri === void 0, allowHttp, expand };
}
function discovered({ references, dynamic, identity }) {
  return {
    references,
    dynamic,
    identity: `issuer ${identity}`,
    display: "from the metadata of the issuer",
    expand(values) {
      const url = values.server?.tokenEndpoint;
      if (!url) throw new Error("the metadata of the issuer was not read");
      return url;
    }
  };
}

// src/compile/token/id-token.ts
var LEEWAY_MS = 6e4;
function compileIdTokenCheck(account, oauth2, scope) {
  const clientId = oauth2.clientId && compileText(oauth2.clientId, scope);
  return (token, values, nowMs) => {
    const fault = faultOf(token.reveal(), {
      issuer: values.server?.issuer,
      audience: clientId?.render(values),
      nowMs
    });
    if (fault !== void 0) throw idTokenError(account, fault);
  };
}
function idTokenError(account, fault) {
  return new AppError("token_invalid_response", `account \`${account}\`: the id_token ${fault}`, { account });
}
function faultOf(token, { issuer, audience, nowMs }) {
  const [header, claims] = [jwtHeader(token), jwtClaims(token)];
  if (!header || !claims) return "is no signed JWT";
  const { alg } = header;
  if (typeof alg !== "string" || alg.toLowerCase() === "none") return "is not signed (alg none)";
  const { iss, aud, exp } = claims;
  if (issuer !== void 0 && iss !== issuer) return `was issued by ${shown(iss)}, not by ${issuer}`;
  const audiences = Array.isArray(aud) ? aud : [aud];
  if (audience !== void 0 && !audiences.includes(audience)) return `is for ${shown(aud)}, not for this client`;
  if (typeof exp !== "number") return "has no exp";
  return exp * 1e3 + LEEWAY_MS <= nowMs ? `expired at ${shownTime(exp)}` : void 0;
}
function shown(value) {
  return cleanForeignText(typeof value === "string" ? value : JSON.stringify(value) ?? "nobody", [], 80);
}
function shownTime(seconds) {
  const date = new Date(seconds * 1e3);
  return Number.isNaN(date.getTime()) ? "no time" : date.toISOString();
}

// src/compile/account.ts
function compileGeneral(account, scope) {
  const compiled = compileAccount(account, scope);
  return usesParameters(account, scope) ? { ...compiled, plan: { ...compiled.plan, needsValues: true } } : compiled;
}
function compileAccount(account, scope) {
  const { authorization } = account;
  if (authorization.kind === "oauth2") {
    const plan2 = compileOAuth2(account, scope);
    const credential2 = accountBearer(account, authorization.oauth2, scope);
    return { plan: plan2, own: printsOf(plan2), credential: credential2 };
  }
  const credential = staticCredential(authorization, scope);
  const texts = textsOf(credential);
  const names = "values" in credential ? credential.values.map(({ name }) => name) : [];
  const print = fingerprint(
    credential.kind,
    names,
    texts.map((text) => text.identity)
  );
  const plan = {
    kind: "static",
    name: account.name,
    key: account.key,
    ...account.title !== void 0 && { title: account.title },
    fingerprint: print,
    tokenIdentity: print,
    references: collectReferences(texts)
  };
  return { plan, own: printsOf(plan), credential };
}
function printsOf({ fingerprint: fingerprint2, tokenIdentity }) {
  return { fingerprint: fingerprint2, tokenIdentity };
}
function compileOAuth2(account, scope) {
  const { oauth2 } = account.authorization;
  const { tokenEndpoint, issuer, where } = compileServer(oauth2, scope);
  const connection = compileConnection(oauth2.connection, scope, usedBy(account.name, oauth2));
  const request = connectRequests(compileRequest(account.name, oauth2, tokenEndpoint, scope), connection);
  const { proofs, passing, buildRequest, buildRefresh, buildRevocation: buildRevocation2 } = request;
  const revocationEndpoint = compileRevocationEndpoint(oauth2, scope);
  const dpop = oauth2.dpop && compileDpop(oauth2.dpop, scope);
  const words = [oauth2.bearerTokenType, dpop && ["dpop", dpop.alg], ...responsePlaces(oauth2), ...request.words];
  const texts = [...request.texts, ...dpop?.key ? [dpop.key] : []];
  const tokenIdentity = fingerprint(
    [tokenEndpoint.identity, issuer?.identity],
    words,
    texts.map((text) => text.identity)
  );
  const uris = [tokenEndpoint, issuer, revocationEndpoint].flatMap((uri) => uri ?? []);
  const references = collectReferences([...uris, ...texts, ...passing]);
  const fed = references.some(({ kind }) => kind === "account");
  return {
    kind: "oauth2",
    name: account.name,
    key: account.key,
    ...account.title !== void 0 && { title: account.title },
    fingerprint: fingerprint(
      tokenIdentity,
      account.name,
      oauth2.timeoutMs,
      oauth2.allowHttp,
      usesRefreshTokens(oauth2),
      oauth2.keepWarm,
      oauth2.lifetime,
      [oauth2.revoke, revocationEndpoint?.identity],
      request.clientSecrets?.identities
    ),
    tokenIdentity,
    references,
    ...!fed && { identify: compileIdentity({ words, where, texts, proofs }) },
    timeoutMs: oauth2.timeoutMs,
    keepWarm: oauth2.keepWarm,
    ...oauth2.tokenResponse && { reading: oauth2.tokenResponse },
    lifetime: oauth2.lifetime,
    revoke: oauth2.revoke,
    ...oauth2.grant === "refresh_token" && { onlyRefreshes: true },
    ...revocationEndpoint && { revocationEndpoint },
    bearerIsAccessToken: oauth2.bearerTokenType === "access_token",
    buildRevocation: buildRevocation2,
    tokenEndpoint,
    ...issuer && { issuer },
    clientAuthMethod: oauth2.clientAuthMethod,
    ...request.clientSecrets && { clientSecrets: request.clientSecrets },
    ...dpop && { dpop },
    buildRequest,
    ...usesRefreshTokens(oauth2) && { buildRefresh },
    ...request.ownRefresh && { ownRefresh: request.ownRefresh },
    pickBearer: compilePickBearer(account.name, oauth2, request.knownScopes),
    ...oauth2.bearerTokenType === "id_token" && { checkIdToken: compileIdTokenCheck(account.name, oauth2, scope) },
    ...connection && { connect: connection.connect }
  };
}
function compileRevocationEndpoint({ revocationUri, allowHttp }, scope) {
  return revocationUri && compileUri(revocationUri, scope, { allowHttp, label: "revocationUri" });
}
function usedBy(account, { accessTokenUri, issuer, refresh, revocationUri }) {
  const refreshUri = typeof refresh === "object" ? refresh.accessTokenUri : void 0;
  return { owner: `account \`${account}\``, uris: [accessTokenUri, issuer, refreshUri, revocationUri] };
}
function compileDpop({ key, alg }, scope) {
  return { ...alg !== void 0 && { alg }, ...key && { key: compileText(key, scope) } };
}
function usesRefreshTokens({ refresh, grant }) {
  return refresh === "auto" ? grant !== "client_credentials" : refresh !== "never";
}

// src/compile/actions/action-body.ts
function compileBody({ content }, scope) {
  switch (content.kind) {
    case "none":
      return { texts: [], build: () => ({ headers: [], parts: [] }) };
    case "file":
      return { texts: [], build: (_values, [file]) => fileBody(file, content.contentType) };
    case "multipart":
      return compileMultipart(content, scope);
    case "text": {
      const text = compileText(content.template, scope);
      return { texts: [text], build: (values) => bytesBody(text.render(values), content.contentType) };
    }
    case "json": {
      const json = compileJson(content.json, scope);
      const build = (values) => bytesBody(JSON.stringify(json.value(values) ?? null), "application/json");
      return { texts: json.texts, build };
    }
    case "form": {
      const fields = compileFields(content.fields, scope);
      return {
        texts: fields.texts,
        build: (values) => bytesBody(encodeForm2(fields.render(values)), "application/x-www-form-urlencoded")
      };
    }
  }
}
function bytesBody(text, contentType) {
  return { headers: [["Content-Type", contentType]], parts: [{ kind: "bytes", bytes: Buffer.from(text) }] };
}
function fileBody(file, contentType = file.type) {
  return {
    headers: [
      ["Content-Type", contentType],
      ["Content-Disposition", contentDisposition(file.outputName)]
    ],
    parts: [{ kind: "file", index: 0 }]
  };
}
function encodeForm2(fields) {
  return fields.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join("&");
}
function compileFields(named, scope) {
  const fields = named.map(({ name, value }) => ({
    name,
    text: compileText(value, scope),
    sole: soleGiven(value, scope)
  }));
  const rendering = (some) => (values) => some.filter(({ sole }) => !sole?.optional || values.given?.(sole.name) !== void 0).map(({ name, text }) => [name, text.render(values)]);
  return {
    texts: fields.map(({ text }) => text),
    render: rendering(fields),
    renderKnown: rendering(fields.filter(({ text }) => text.references.length === 0))
  };
}
function boundaryOf(values) {
  return `bearerd-${values.uuid()}`;
}
function compileMultipart(content, scope) {
  const fields = compileFields(content.fields, scope);
  return {
    texts: fields.texts,
    build(values, files) {
      const boundary = boundaryOf(values);
      const head = fields.render(values).map(
        ([name, value]) => `--${boundary}\r
Content-Disposition: form-data; name="${formName(name)}"\r
\r
${value}\r
`
      ).join("");
      const parts = [];
      let text = head;
      files.forEach((file, index) => {
        text += `--${boundary}\r
Content-Disposition: form-data; name="${formName(content.field)}"; filename="${formName(file.outputName)}"\r
`;
        text += `Content-Type: ${content.contentType ?? file.type}\r
\r
`;
        parts.push({ kind: "bytes", bytes: Buffer.from(text) }, { kind: "file", index });
        text = "\r\n";
      });
      parts.push({ kind: "bytes", bytes: Buffer.from(`${text}--${boundary}--\r
`) });
      return { headers: [["Content-Type", `multipart/form-data; boundary=${boundary}`]], parts };
    }
  };
}

// src/compile/actions/action-target.ts
function compileTarget(action, scope) {
  const { kind, value } = action.target;
  if (kind === "path") return compilePath(action, scope);
  const url = compileUri(value, scope, { allowHttp: false, label: `\`url\` of action \`${action.name}\`` });
  const guarded = hasHostFromValue(value, scope);
  return {
    ...url,
    expand: (values) => ({ kind, url: url.expand(values), guarded }),
    check(values) {
      if (url.references.length === 0) asInput(() => url.expand(values));
    }
  };
}
function asInput(expand) {
  try {
    expand();
  } catch (error) {
    throw error instanceof AppError ? new AppError("invalid_input", error.message) : error;
  }
}
var SOME = "x";
function compilePath({ name, target }, scope) {
  const parsed = target.value.kind === "template" ? parseTemplate(target.value.text) : void 0;
  const analyzed = parsed?.ok ? analyzePath(parsed.parts, constantsOf(scope)) : void 0;
  if (!analyzed?.ok) throw new Error("compiling a path that the rules refused");
  const { parts } = analyzed;
  const pieces = parts.map((part) => compilePart2(part, scope));
  const join = (texts) => {
    const path = texts.join("");
    if (leavesBase(path)) throw leaving(name, parts, texts);
    return path;
  };
  return {
    references: pieces.flatMap(({ references }) => references),
    identity: pieces.map(({ identity }) => identity).join("+"),
    expand: (values) => ({ kind: "path", path: join(pieces.map(({ encode }) => encode(values))) }),
    check(values) {
      join(pieces.map(({ encode, references }) => references.length > 0 ? SOME : encode(values)));
    }
  };
}
function leaving(action, parts, texts) {
  const isCause = ({ kind }, index) => kind === "expression" && !leavesBase(texts.with(index, SOME).join(""));
  const part = parts.find(isCause);
  const message = `the path of action \`${action}\` would leave its service`;
  if (part?.kind !== "expression") return new AppError("invalid_input", `with these values ${message}`);
  const detail = "makes a `.` or `..` of a part of the path";
  const said = `${message}: \`${describeExpression(part.expression)}\` ${detail}; give another value`;
  return new AppError("invalid_input", said, pointersOf(part.expression, detail));
}
function pointersOf(expression, detail) {
  if (expression.kind !== "variable" || !expression.name.startsWith("input.")) return {};
  return { errors: [{ pointer: expression.name.slice("input".length).replaceAll(".", "/"), detail }] };
}
function compilePart2(part, scope) {
  if (part.kind === "text") return { references: [], identity: JSON.stringify(part.text), encode: () => part.text };
  const { references, identity, render } = compileExpression(part.expression, scope);
  const name = describeExpression(part.expression);
  return {
    references,
    identity,
    encode(values) {
      const value = render(values);
      if (value !== "" || part.position === "query") return encodeURIComponent(value.toWellFormed());
      const detail = "is empty, and a path needs it";
      throw new AppError("invalid_input", `\`${name}\` ${detail}`, pointersOf(part.expression, detail));
    }
  };
}

// src/compile/actions/action.ts
function compileAction(action, scopes) {
  const scope = scopes.ofAction(action);
  const target = compileTarget(action, scope);
  const headers = compileFields(action.headers, scope);
  const body = compileBody(action, scope);
  const outputName = action.outputFileName && compileText(action.outputFileName, scopes.ofAction(action, "outputFileName"));
  const key = action.idempotencyKey && compileText(action.idempotencyKey, scope);
  const texts = [
    ...headers.texts,
    ...body.texts,
    ...outputName ? [outputName] : [],
    ...key ? [key] : []
  ];
  const named = namesIn(action);
  return {
    name: action.name,
    ...action.title !== void 0 && { title: action.title },
    type: action.type,
    ...action.service !== void 0 && { service: action.service },
    fingerprint: printOf(action, [target.identity, ...texts.map(({ identity }) => identity)]),
    references: collectReferences([target, ...texts]),
    files: action.files,
    needsFile: needsFile(action, named),
    needsSha256: named.has("file.sha256"),
    ...action.successStatus && { successStatus: action.successStatus },
    ...action.keepResponseBytes !== void 0 && { keepResponseBytes: action.keepResponseBytes },
    retry: action.retry,
    ordered: action.ordered,
    checkInput: withNeeded(compileInputCheck(action.input), neededInputs(named, scope)),
    checkRequest(given) {
      const { values } = prepare(given, withoutSecrets(outputName));
      target.check(values);
      joinHeaders([], headers.renderKnown(values));
      if (key?.references.length === 0) renderKey(key, values);
    },
    buildRequest(given) {
      const { values, files } = prepare(given, outputName);
      const built = body.build(values, files);
      return {
        method: action.method,
        target: target.expand(values),
        headers: joinHeaders([...built.headers, ...nameHeader(action, values)], headers.render(values)),
        body: built.parts
      };
    },
    ...key && {
      idempotencyKey: (given) => renderKey(key, prepare(given, outputName).values)
    }
  };
}
function renderKey(key, values) {
  return headerValue2("Idempotency-Key", key.render(values));
}
function withoutSecrets(name) {
  return name?.references.length === 0 ? name : name && { ...name, render: () => "x" };
}
function printOf({ place: _place, title: _title, vars: _vars, ...action }, identities) {
  const { type, service, method, files, successStatus, keepResponseBytes, input, content } = action;
  const names = "fields" in content ? content.fields.map(({ name }) => name) : [];
  const headers = action.headers.map(({ name }) => name);
  const shape = content.kind === "json" ? JSON.stringify(content.json, withoutPlaces) : content.kind;
  const types = "contentType" in content ? content.contentType : void 0;
  const field = content.kind === "multipart" ? content.field : void 0;
  const own = [
    action.name,
    type,
    service,
    action.target.kind,
    method,
    files,
    successStatus,
    keepResponseBytes,
    input,
    action.retry,
    action.ordered,
    action.outputFileName !== void 0,
    action.idempotencyKey !== void 0
  ];
  return fingerprint(own, [shape, names, headers, types, field], identities);
}
function withoutPlaces(key, value) {
  return key === "place" ? void 0 : value;
}
function namesIn(action) {
  const texts = actionValues(action).flatMap(({ value }) => value.kind === "template" ? [value.text] : []);
  return new Set(texts.flatMap((text) => namesOf(text)));
}
function namesOf(text) {
  const parsed = parseTemplate(text);
  return parsed.ok ? parsed.variables.map(({ name }) => name) : [];
}
function needsFile({ content, outputFileName }, names) {
  if (content.kind === "file" || content.kind === "multipart") return true;
  const named = [...names].filter((name) => name.startsWith("file."));
  return named.some((name) => name !== "file.outputName" || !outputFileName);
}
function neededInputs(names, scope) {
  const given = [...names].map((name) => scope.lookup(name)).filter((binding) => binding?.kind === "given");
  return given.filter(({ name, optional }) => name.startsWith("input.") && !optional).map(pathOf);
}
function pathOf({ name }) {
  return name.split(".").slice(1);
}
function withNeeded(check, needed) {
  return (input, from) => {
    const checked = check(input, from);
    if (!checked.ok) return checked;
    const absent = needed.filter((path) => valueAt2(checked.input, path) === void 0);
    const problems = absent.map((path) => ({ pointer: `/${path.join("/")}`, detail: "is required" }));
    return problems.length === 0 ? checked : { ok: false, problems };
  };
}
function valueAt2(value, path) {
  const has = (at, key) => typeof at === "object" && at !== null && Object.hasOwn(at, key);
  return path.reduce((at, key) => has(at, key) ? at[key] : void 0, value);
}
function prepare({ input, files, values }, outputName) {
  const [only] = files.length === 1 ? files : [];
  const named = files.map((file) => ({
    ...file,
    outputName: outputNameOf(outputName, withGiven(values, input, file), file)
  }));
  const outgoing = only ? named[0] : files.length === 0 && outputName ? { outputName: outputNameOf(outputName, withGiven(values, input, {}), void 0) } : {};
  return { values: withGiven(values, input, outgoing ?? {}), files: named };
}
function outputNameOf(plan, values, file) {
  return plan ? safeFileName(plan.render(values)) : file?.name ?? "";
}
function withGiven(values, input, file) {
  return {
    ...values,
    given(name) {
      const [first, ...path] = name.split(".");
      return valueAt2(first === "file" ? file : input, path);
    }
  };
}
function nameHeader({ content, outputFileName }, values) {
  if (!outputFileName || content.kind === "file" || content.kind === "multipart") return [];
  const name = values.given?.("file.outputName");
  return name === void 0 ? [] : [["Content-Disposition", contentDisposition(String(name))]];
}
function joinHeaders(made, own) {
  const said = new Set(own.map(([name]) => name.toLowerCase()));
  const kept = made.filter(([name]) => !said.has(name.toLowerCase()));
  return [...kept, ...own.map(([name, value]) => [name, headerValue2(name, value)])];
}
function headerValue2(name, text) {
  if (isHeaderValue(text)) return text;
  throw new AppError("invalid_input", `the value of header \`${name}\` holds characters that no header may hold`);
}

// src/compile/feeders.ts
function withFeeders(account, feederOf) {
  const plan = fedPlan(account.plan, feederOf);
  return { ...account, plan: needsValues(account.plan, feederOf) ? { ...plan, needsValues: true } : plan };
}
function fedPlan(plan, feederOf) {
  if (feedersOf(plan).length === 0) return plan;
  const joined = (member) => fingerprint(plan[member], feederPrints(plan, feederOf, member));
  return { ...plan, fingerprint: joined("fingerprint"), tokenIdentity: joined("tokenIdentity") };
}
function withFedTexts(plan, feederOf) {
  if (feedersOf(plan).length === 0) return plan;
  return { ...plan, fingerprint: fingerprint(plan.fingerprint, feederPrints(plan, feederOf, "fingerprint")) };
}
function needsValues(plan, feederOf) {
  return plan.needsValues === true || feedersOf(plan).some((name) => needsValues(feederOf(name).plan, feederOf));
}
function feederPrints(plan, feederOf, member) {
  return feedersOf(plan).map((name) => {
    const feeder = feederOf(name);
    return [feeder.own[member], feederPrints(feeder.plan, feederOf, member)];
  });
}
function allFeeders(plans, feederOf) {
  const found = /* @__PURE__ */ new Set();
  const ahead = [...plans].flatMap(feedersOf);
  for (let name = ahead.pop(); name !== void 0; name = ahead.pop()) {
    const feeder = feederOf(name);
    if (!found.has(feeder)) ahead.push(...feedersOf(feeder.plan));
    found.add(feeder);
  }
  return found;
}
function feedersOf({ references }) {
  return references.flatMap((reference) => reference.kind === "account" ? [reference.account] : []);
}

// src/compile/placeless.ts
function withoutPlaces2(written, remember) {
  const { accounts, services, parameters } = written;
  const vars = remember("variables without places", "", [written.vars], () => copyOf(written.vars));
  const copies = /* @__PURE__ */ new WeakMap();
  const copy = (definition) => {
    const known = copies.get(definition) ?? copyOf(definition);
    copies.set(definition, known);
    return known;
  };
  const copyOfOne = (definition) => definition && copy(definition);
  const account = (key) => copyOfOne(accounts.get(key));
  const service = (name) => copyOfOne(services.get(name));
  const scopes = definitionScopes({
    vars,
    accounts: { get: account },
    services: { get: service },
    parameters
  });
  return { copy, account, service, scopes };
}
var NOWHERE = { document: parseFile({ path: "", file: "", text: "" }).documents[0], path: [] };
function copyOf(value) {
  if (typeof value !== "object" || value === null || value instanceof Secret) return value;
  if (isPlace(value)) return NOWHERE;
  if (Array.isArray(value)) {
    const items = value.map(copyOf);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, copyOf(item)]);
  const same = entries.every(([key, item]) => item === value[key]);
  return same ? value : Object.assign(Object.create(Object.getPrototypeOf(value)), Object.fromEntries(entries));
}
function isPlace(value) {
  return "document" in value && typeof value.document?.locate === "function";
}

// src/compile/secret-files.ts
function secretFilesOf(daemon, plans, remember) {
  const own = [...Object.values(daemon.tls ?? {}), ...pathsOf(callerReferences(daemon))];
  const texts = plans.flatMap(
    ({ groups }) => groups.map((group) => remember("secret files of a part", group, [], () => textOf(group)))
  );
  const all = () => [.../* @__PURE__ */ new Set([...own, ...texts.flatMap((text) => text === "" ? [] : text.split("\0"))])].sort();
  return remember("secret files", "", [own.join("\0"), ...texts], all);
}
function textOf(group) {
  return [...new Set([...group.values()].flatMap(({ references }) => pathsOf(references)))].join("\0");
}
function pathsOf(references) {
  return references.flatMap((reference) => watchedPath(reference) ?? []);
}
function callerReferences({ callers = [] }) {
  const values = callers.flatMap(callerSecrets);
  return values.flatMap((value) => value.kind === "secret" ? [value.reference] : []);
}

// src/compile/allow.ts
function compileAllow({ methods, paths }) {
  const allowed = methods && new Set(methods);
  const globs = paths?.map(compileGlob);
  return (method, path) => {
    if (allowed && !allowed.has(method)) return false;
    return !globs || readingsOf(path).every((reading) => globs.some((glob) => glob.test(reading)));
  };
}
function readingsOf(path) {
  const segments = path.split("/").map(decoded);
  const literal = segments.map((segment) => segment.replaceAll("/", "\0")).join("/");
  const merged = slashesOf(segments.join("/"));
  return /(?:^|\/)\.{1,2}(?:\/|$)/.test(merged) ? ["\0outside"] : [.../* @__PURE__ */ new Set([literal, ...furtherReadings(merged)])];
}
function furtherReadings(path) {
  const next = slashesOf(decodedOnce(path));
  return next === path ? [path] : [path, ...furtherReadings(next)];
}
function slashesOf(path) {
  return path.replaceAll("\\", "/").replace(/\/{2,}/g, "/");
}
function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
function compileGlob(glob) {
  const source = glob.split("/").slice(1).map((segment) => segment === "**" ? "(?:/.*)?" : `/${compileSegment(decoded(segment))}`).join("");
  return new RegExp(`^${source}$`, "s");
}
function compileSegment(segment) {
  return segment.split("*").map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join("[^/]*").replace(/^\[\^\/\]\*$/, "[^/]+");
}
function allowWords({ methods, paths }) {
  return `${methods?.join(", ") ?? "every method"} of ${paths?.join(", ") ?? "every path"}`;
}

// src/compile/parameters.ts
function compileParameters({ name: service, parameters, parameterLimit }) {
  const patterns = new Map(parameters.map(({ name, pattern }) => [name, readPattern(pattern)]));
  return {
    names: parameters.map(({ name }) => name),
    limit: parameterLimit,
    fill(given) {
      const unknown = Object.keys(given).find((name) => !patterns.has(name));
      if (unknown !== void 0) throw unknownParameter(service, unknown, patterns.keys());
      return Object.fromEntries(
        parameters.map(({ name, default: value }) => [name, valueIn(given, name) ?? needed(value, name)])
      );
    },
    check(values) {
      for (const { name, pattern } of parameters) {
        const value = values[name];
        if (!patterns.get(name).matches(value) || !value.isWellFormed() || /[\x00-\x1f\x7f]/.test(value))
          throw invalid2(service, `parameter \`${name}\` of service \`${service}\` must match ${pattern}`);
      }
    }
  };
  function needed(value, name) {
    if (value !== void 0) return value;
    const ways = `header x-bearerd-param-${name}, query parameter param.${name} or --param ${name}=VALUE`;
    throw invalid2(
      service,
      `service \`${service}\` needs the parameter \`${name}\` (${ways}); pattern ${patternOf(name)}`
    );
  }
  function patternOf(name) {
    return parameters.find((parameter) => parameter.name === name).pattern;
  }
}
function invalid2(service, message) {
  return new AppError("invalid_parameter", message, { service });
}
function valueIn(given, name) {
  return Object.hasOwn(given, name) ? given[name] : void 0;
}
function readPattern(source) {
  const compiled = compilePattern(source);
  if ("fault" in compiled) throw new Error("compiling a pattern that the rules refused");
  return compiled.pattern;
}
function unknownParameter(service, name, known) {
  const told = /^[a-z][a-z0-9-]{0,62}$/.test(name) ? ` \`${name}\`` : " of that name";
  const meant = suggest(name, known);
  const hint = meant ? `; did you mean \`${meant}\`?` : "";
  return new AppError("invalid_parameter", `service \`${service}\` has no parameter${told}${hint}`, { service });
}

// src/compile/service-fingerprint.ts
function serviceFingerprint(service, account, parts, headers) {
  return fingerprint(
    // Where accounts are equal, it is the name that finds the one at work.
    [service.account, account.fingerprint],
    parts,
    headers.map(({ name, text }) => [name, text.identity]),
    [service.listen, service.title, service.timeoutMs, service.timeoutMessage, service.allowHttp, service.healthCheck],
    [service.allow, service.reauthenticateOn, service.retry],
    service.sinks.map(({ path, format, mode }) => [path, format, mode]),
    [service.parameterLimit, service.parameters.map(({ name, pattern, default: value }) => [name, pattern, value])]
  );
}

// src/compile/steps/inject.ts
function compileInject(credential, constant) {
  const own = compileCredential(credential);
  const names = [...own.headerNames, ...constant.map(({ name }) => name)];
  return {
    removes: { headers: new Set(names.map((name) => name.toLowerCase())), query: new Set(own.queryNames) },
    inject(values) {
      const extra = constant.map(({ name, text }) => [name, headerValue3(name, text.render(values))]);
      return { headers: [...own.headers(values), ...extra], query: own.query(values) };
    }
  };
}
function compileCredential(credential) {
  const nothing = { headerNames: [], queryNames: [], headers: () => [], query: () => [] };
  switch (credential.kind) {
    case "none":
      return nothing;
    case "bearer":
      return compileBearer(credential);
    case "basic": {
      const { username, password } = credential;
      const headers = (values) => [
        ["Authorization", basicCredentials(username.render(values), password.render(values))]
      ];
      return { ...nothing, headerNames: ["authorization"], headers };
    }
    case "header": {
      const headers = (values) => credential.values.map(({ name, text }) => [name, headerValue3(name, text.render(values))]);
      return { ...nothing, headerNames: credential.values.map(({ name }) => name), headers };
    }
    case "query": {
      const query = (values) => credential.values.map(({ name, text }) => [name, text.render(values)]);
      return { ...nothing, queryNames: credential.values.map(({ name }) => name), query };
    }
  }
}
function compileBearer({ account, proves, rule, text }) {
  const plain2 = rule.in === "header" && rule.name.toLowerCase() === "authorization";
  const prefix = proves && rule.in === "header" && !rule.prefixWritten ? "DPoP " : rule.prefix;
  const value = (values) => {
    checkToken(values.token, account, rule.prefixWritten);
    return prefix + text.render(values);
  };
  return {
    headerNames: proves ? [rule.name, "DPoP"] : [rule.name],
    queryNames: plain2 ? [] : [rule.name],
    headers: (values) => rule.in === "header" ? [[rule.name, headerValue3(rule.name, value(values))]] : [],
    query: (values) => rule.in === "query" ? [[rule.name, value(values)]] : []
  };
}
function checkToken(token, account, prefixWritten) {
  if (!token) throw new Error("an oauth2 account injects only with a bearer");
  if (token.foreignType === void 0 || prefixWritten) return;
  const reason = `token_type \`${token.foreignType}\` is not a bearer; if it is sent like one, write inject.prefix`;
  throw new AppError("token_invalid_response", `account \`${account}\`: ${reason}`, { account });
}
function headerValue3(name, text) {
  if (isHeaderValue(text)) return text;
  throw new AppError("secret_unavailable", `the value of header \`${name}\` holds characters that no header may hold`);
}

// src/compile/service.ts
function compileService(service, account, scope) {
  const serverUrl = compileUri(service.serverUrl, scope, { allowHttp: service.allowHttp, label: "serverUrl" });
  const headers = compileNamed(service.headers, scope);
  const { credential: given } = account;
  const own = given.kind === "bearer" ? service.inject : void 0;
  const credential = own && "account" in given ? bearerCredential(given, own, injectScope(scope, service)) : given;
  const { inject, removes } = compileInject(credential, headers);
  const injected = "rule" in credential ? [credential.text] : [];
  const texts = [...textsOf(credential), ...injected, ...headers.map(({ text }) => text)];
  const connection = compileConnection(service.connection, scope, {
    owner: `service \`${service.name}\``,
    uris: [service.serverUrl]
  });
  const parts = [
    [serverUrl.identity, injectIdentity(credential)],
    [connection?.words, connection?.texts.map(({ identity }) => identity)]
  ];
  const connect = connectService(account.plan, connection);
  return {
    name: service.name,
    ...service.title !== void 0 && { title: service.title },
    account: service.account,
    fingerprint: serviceFingerprint(service, account.plan, parts, headers),
    serverUrl,
    timeoutMs: service.timeoutMs,
    ...service.timeoutMessage !== void 0 && { timeoutMessage: service.timeoutMessage },
    ...service.healthCheck !== void 0 && { healthCheck: service.healthCheck },
    references: collectReferences([
      serverUrl,
      ...injected,
      ...headers.map(({ text }) => text),
      ...connection?.texts ?? []
    ]),
    ...connect && { connect },
    cacheable: !serverUrl.dynamic && texts.every((text) => !text.dynamic),
    inject,
    removes,
    sinks: service.sinks,
    ...service.allow && { allow: compileAllow(service.allow) },
    judge: compileRejections(service.reauthenticateOn ?? DEFAULT_REJECTIONS),
    ...service.retry && { retry: service.retry },
    ...service.parameters.length > 0 && { parameters: compileParameters(service) }
  };
}

// src/compile/token-owners.ts
function tokenOwners(accounts, remember) {
  const texts = accounts.groups.map((group, index) => remember("identities", index, [group], () => textOf2(group)));
  return remember("token owners", "", texts, () => {
    const byIdentity = /* @__PURE__ */ new Map();
    const byAccount = /* @__PURE__ */ new Map();
    for (const { key, tokenIdentity } of accounts.values()) {
      const owner = byIdentity.get(tokenIdentity);
      if (owner === void 0) byIdentity.set(tokenIdentity, key);
      else byAccount.set(key, owner);
    }
    return { byIdentity, byAccount };
  });
}
function textOf2(group) {
  return [...group.values()].map(({ key, tokenIdentity }) => `${key} ${tokenIdentity}`).join("\n");
}

// src/compile/compile.ts
function compilePlan(written, remember = rememberNothing) {
  return atOnce(compileInSteps(written, remember));
}
function* compileInSteps(written, remember) {
  const config = withoutPlaces2(written, remember);
  const mapParts = partMapper(written, remember);
  const { compiled, own } = yield* compileAccounts(written, config, mapParts);
  const services = yield* compileServices(written, config, { compiled, own, mapParts });
  const actions = yield* compileActions(written, config, { own, mapParts });
  const accounts = yield* mapParts({
    what: "plan",
    values: compiled,
    from: (index) => [compiled.groups[index]],
    make: ({ plan }) => plan
  });
  return {
    accounts,
    services,
    actions,
    owners: tokenOwners(accounts, remember),
    specialize(name, values) {
      services.get(name).parameters.check(values);
      return specializeService({ config, compiled }, config.service(name), values);
    },
    daemon: written.daemon,
    secretFiles: secretFilesOf(written.daemon, [accounts, services, actions], remember)
  };
}
function partMapper({ parts }, remember) {
  return function* ({ what, values, from, make }) {
    const made = [];
    for (const [index, group] of values.groups.entries()) {
      const kept = remember(what, parts[index].id, from(index), () => ({}));
      made.push(kept.made ?? (yield* keep(kept, mapValuesInSteps(group, make))));
    }
    return values.with(made);
  };
}
function* compileAccounts({ accounts, from, bearers }, { copy, scopes }, mapParts) {
  const own = yield* mapParts({
    what: "account",
    values: accounts,
    from: (index) => from[index],
    make: (account) => compileGeneral(copy(account), scopes.of(copy(account)))
  });
  if (bearers.length === 0) return { own, compiled: own };
  const feederOf = (name) => own.get(name);
  const compiled = yield* mapParts({
    what: "fed account",
    values: own,
    from(index) {
      const group = own.groups[index];
      const plans = [...group.values()].map(({ plan }) => plan);
      return [group, ...allFeeders(plans, feederOf)];
    },
    make: (account) => withFeeders(account, feederOf)
  });
  return { own, compiled };
}
function* compileServices({ services, parts, from, bearers }, { copy, scopes }, { compiled, own, mapParts }) {
  const unfed = yield* mapParts({
    what: "service",
    values: services,
    from(index) {
      const foreign = parts[index].foreign.accounts.map((key) => compiled.get(key));
      return [...from[index], compiled.groups[index], ...foreign];
    },
    make(service) {
      const plan = compileService(copy(service), compiled.get(service.account), scopes.of(copy(service)));
      return { ...plan, ...listening(service) };
    }
  });
  if (bearers.length === 0) return unfed;
  const feederOf = (name) => own.get(name);
  return yield* mapParts({
    what: "fed service",
    values: unfed,
    from: (index) => [unfed.groups[index], ...allFeeders(unfed.groups[index].values(), feederOf)],
    make: (service) => withFedTexts(service, feederOf)
  });
}
function* compileActions({ actions, from, bearers }, { copy, scopes }, { own, mapParts }) {
  const unfed = yield* mapParts({
    what: "action",
    values: actions,
    from: (index) => from[index],
    make: (action) => compileAction(copy(action), scopes)
  });
  if (bearers.length === 0) return unfed;
  const feederOf = (name) => own.get(name);
  return yield* mapParts({
    what: "fed action",
    values: unfed,
    from: (index) => [unfed.groups[index], ...allFeeders(unfed.groups[index].values(), feederOf)],
    make: (action) => withFedTexts(action, feederOf)
  });
}
function listening({ listen: address, place }) {
  if (address === void 0) return {};
  const { document, path } = place;
  return { listen: { address, file: document.source.file, range: document.locate([...path, "listen"], "value").range } };
}
function specializeService(parts, service, params) {
  const { config, compiled } = parts;
  const { scopes } = config;
  const made = /* @__PURE__ */ new Map();
  const keys = new Keys((name) => accountOf(name).plan.key);
  const accountOf = (key) => {
    const known = made.get(key);
    if (known) return known;
    const account2 = config.account(key);
    const own = compileAccount(account2, scopes.of(account2, keys.values(params)));
    const plan2 = fedPlan(own.plan, accountOf);
    const general = compiled.get(key);
    const same = plan2.fingerprint === general.plan.fingerprint;
    const special = { ...own, plan: { ...plan2, key: `${key}#${plan2.fingerprint}`, generalKey: key, params } };
    made.set(key, same ? { ...general, credential: own.credential } : special);
    return made.get(key);
  };
  const account = accountOf(service.account);
  const plan = compileService(service, account, scopes.of(service, keys.values(params)));
  const accounts = [...made.values()].flatMap(({ plan: own }) => own.params ? [own] : []);
  keys.end();
  return { service: { ...plan, account: account.plan.key, params }, accounts };
}
var Keys = class {
  #keyOf;
  constructor(keyOf2) {
    this.#keyOf = keyOf2;
  }
  values(params) {
    return { params, accountKey: (name) => this.#keyOf(name) };
  }
  /** No scope is looked at any more. */
  end() {
    this.#keyOf = void 0;
  }
};

// src/compile/retry.ts
var IDEMPOTENT = /* @__PURE__ */ new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);
function isIdempotent(method) {
  return IDEMPOTENT.has(method);
}
var FIRST_DELAY_MS = 250;
function retryDelay({ attempts, maxDelayMs }, attempt, retryAfterMs, random) {
  if (attempt >= attempts || retryAfterMs > maxDelayMs) return void 0;
  const jitterMs = random * FIRST_DELAY_MS * 2 ** (attempt - 1);
  return Math.min(retryAfterMs + jitterMs, maxDelayMs);
}
function retryWords({ attempts, statuses, connection, maxDelayMs }) {
  const on = [...connection ? ["a failed connection"] : [], ...statuses].join(", ");
  return `idempotent methods, ${attempts} attempts in all, after ${on}; pauses up to ${formatDuration(maxDelayMs)}`;
}

export {
  tokenResponseWords,
  isHeaderValue,
  compileScopes,
  idTokenError,
  allowWords,
  unknownParameter,
  compilePlan,
  compileInSteps,
  isIdempotent,
  retryDelay,
  retryWords
};
