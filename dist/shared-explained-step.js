import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  leavesOf
} from "./shared-describe.js";
import {
  oauth2Parts,
  startOf
} from "./shared-template.js";

// src/compile/explained-step.ts
function originOf(place, ...keys) {
  return isWritten(place, ...keys) ? startOf({ document: place.document, path: [...place.path, ...keys] }, "key") : "default";
}
function isWritten({ document, path }, ...keys) {
  let value = document.value;
  for (const key of [...path, ...keys]) value = value?.[key];
  return value !== void 0;
}
function partsOf(oauth2) {
  return oauth2Parts(oauth2).map(({ key, value, use }) => ({
    name: key === "accessTokenUri" ? "token endpoint" : key,
    value,
    use
  }));
}
function takenBy({ name, value }, scope) {
  return value.kind === "secret" ? [name] : leavesOf(value, scope).map((leaf) => leaf.name);
}

export {
  originOf,
  isWritten,
  partsOf,
  takenBy
};
