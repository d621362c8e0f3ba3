import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);

// src/base/version.ts
var VERSION = "0.1.0";

export {
  VERSION
};
