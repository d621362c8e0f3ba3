import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  Secret,
  cleanForeignText
} from "./shared-secret.js";
import {
  AppError
} from "./shared-error.js";

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
  if (kind === "") throw unusable(label, "is neither PEM nor a JWK");
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

export {
  jwtClaims,
  jwtHeader,
  jwtLifeMs,
  readSigningKey,
  signJwt,
  cleanerOf
};
