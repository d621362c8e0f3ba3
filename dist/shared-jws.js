import {
  Secret,
  cleanForeignText,
  formatDuration
} from "./shared-template.js";
import {
  AppError
} from "./shared-error.js";

// src/compile/json-pointer.ts
function valueAt(root, pointer) {
  let value = root;
  for (const token of pointer.split("/").slice(1)) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return void 0;
    value = value[key];
  }
  return value;
}
function equalsAt(root, { at, equals }) {
  const value = valueAt(root, at);
  return value !== void 0 && typeof value !== "object" && String(value) === String(equals);
}

// src/compile/rejection.ts
var MAX_JUDGED_BYTES = 64 * 1024;
var JSON_TYPE = /^(?:|text\/(?:plain|html|json|javascript)|application\/(?:[\w.-]+\+)?(?:json|javascript))$/;
function compileRejections(rules) {
  const judged = new Set(rules.flatMap(({ statuses }) => statuses));
  return (status, ageMs, body) => {
    if (!judged.has(status)) return "accepted";
    const named = rules.filter(({ statuses }) => statuses.includes(status));
    const age = ageMs();
    const due = named.filter(({ minAgeMs = 0 }) => age >= minAgeMs);
    if (due.some(({ member }) => !member)) return "rejected";
    if (due.length > 0 && body === void 0) return "read";
    if (due.length > 0 && rejectedBy(due, body)) return "rejected";
    return named.length > due.length ? "undecided" : "accepted";
  };
}
function rejectedBy(rules, body) {
  const json = parsed(body);
  return rules.some(({ member }) => member !== void 0 && saysSo(json, member));
}
function saysSo(json, { at, equals }) {
  return equals === void 0 ? (valueAt(json, at) ?? null) !== null : equalsAt(json, { at, equals });
}
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function isJudged(contentType, contentLength) {
  const type = contentType.split(";", 1)[0].trim().toLowerCase();
  return JSON_TYPE.test(type) && !(Number(contentLength) > MAX_JUDGED_BYTES);
}
function rejectionWords(rules) {
  return rules.map(wordsOf).join("; or ");
}
function wordsOf({ statuses, member, minAgeMs }) {
  const equals = member?.equals === void 0 ? "" : ` = ${JSON.stringify(member.equals)}`;
  const body = member ? `, ${member.at}${equals} in the body` : "";
  const age = minAgeMs === void 0 ? "" : `, token at least ${formatDuration(minAgeMs)} old`;
  return `status ${statuses.join(", ")}${body}${age}`;
}

// src/compile/token/jws.ts
import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";
function readSigningKey(text, { label, alg }) {
  const jwk = text.trim().startsWith("{") ? parseJwk(text, label) : void 0;
  const key = jwk ? importJwk(jwk, label) : importPem(text, label);
  const fitting = algorithmsOf(key);
  const wanted = alg ?? (typeof jwk?.alg === "string" ? jwk.alg : void 0);
  if (fitting.length === 0)
    throw unusable(label, `${describeKey(key)} signs with none of the algorithms that are known`);
  if (wanted !== void 0 && !fitting.includes(wanted))
    throw unusable(label, `${wanted} does not fit ${describeKey(key)}, which signs with ${fitting.join(", ")}`);
  if ((key.asymmetricKeyDetails?.modulusLength ?? 2048) < 2048)
    throw unusable(label, "an RSA key needs 2048 bits or more (RFC 7518 section 3.3)");
  return { key, alg: wanted ?? fitting[0], ...typeof jwk?.kid === "string" && { kid: jwk.kid } };
}
function signJwt(header, claims, key) {
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}
function unusable(label, reason) {
  return new AppError("secret_unavailable", `${label}: ${reason}`);
}
function parseJwk(text, label) {
  try {
    return JSON.parse(text);
  } catch {
    throw unusable(label, "starts like a JWK but is not JSON");
  }
}
function importJwk(jwk, label) {
  if ("keys" in jwk) throw unusable(label, "is a set of keys; give the one private key");
  if (!("d" in jwk)) throw unusable(label, "the JWK holds no private key");
  try {
    return createPrivateKey({ key: jwk, format: "jwk" });
  } catch {
    throw unusable(label, "is not a JWK that can be used");
  }
}
function importPem(text, label) {
  const pem = text.includes("\n") ? text : text.replaceAll("\\n", "\n");
  const kind = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1] ?? "";
  if (kind === "") throw unusable(label, "is neither PEM, which begins with `-----BEGIN`, nor a JWK");
  if (kind.includes("ENCRYPTED") || pem.includes("Proc-Type: 4,ENCRYPTED"))
    throw unusable(label, "is encrypted; give the key without a passphrase");
  if (!kind.endsWith("PRIVATE KEY")) throw unusable(label, `is a ${kind.toLowerCase()}, not a private key`);
  try {
    return createPrivateKey(pem);
  } catch {
    throw unusable(label, "is not a private key in PKCS #8, PKCS #1 or SEC1 form");
  }
}
var RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
var CURVES = { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" };
function algorithmsOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }) {
  if (type === "rsa") return RSA;
  if (type === "ed25519") return ["EdDSA", "Ed25519"];
  const curve = type === "ec" ? CURVES[details?.namedCurve ?? ""] : void 0;
  return curve === void 0 ? [] : [curve];
}
function describeKey({ asymmetricKeyType: type, asymmetricKeyDetails: details }) {
  if (type === "rsa") return "an RSA key";
  return type === "ec" ? `an EC key on ${details?.namedCurve}` : `an ${type} key`;
}

// src/compile/token/clean-answer.ts
function cleanerOf({ secrets = [], members, token }) {
  const issued = [token, members.access_token, members.id_token, members.refresh_token];
  const known = [...secrets, ...issued.flatMap((value) => typeof value === "string" ? new Secret(value) : [])];
  return (text, maxLength) => cleanForeignText(text, known, maxLength);
}

// src/compile/token/jwt.ts
function jwtClaims(token) {
  return jwtPart(token, 1);
}
function jwtHeader(token) {
  return jwtPart(token, 0);
}
function jwtPart(token, index) {
  const parts = token.split(".");
  if (parts.length !== 3 || !parts[index]) return void 0;
  try {
    const members = JSON.parse(Buffer.from(parts[index], "base64url").toString("utf8"));
    return typeof members === "object" && members !== null && !Array.isArray(members) ? members : void 0;
  } catch {
    return void 0;
  }
}
function jwtLifeMs(token, nowMs) {
  const exp = jwtClaims(token)?.exp;
  return typeof exp === "number" && Number.isFinite(exp) ? Math.max(0, exp * 1e3 - nowMs) : void 0;
}

export {
  valueAt,
  equalsAt,
  cleanerOf,
  jwtClaims,
  jwtHeader,
  jwtLifeMs,
  readSigningKey,
  signJwt,
  MAX_JUDGED_BYTES,
  compileRejections,
  isJudged,
  rejectionWords
};
