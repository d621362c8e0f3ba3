// plain:node:fs
import { createRequire } from "node:module";
var builtin = process.getBuiltinModule ?? createRequire(import.meta.url);
var { chmodSync, closeSync, createReadStream, createWriteStream, existsSync, fsyncSync, glob, mkdirSync, openSync, readdir, readFile, readFileSync, stat, statSync, unlinkSync, writeFileSync, writeSync } = builtin("node:fs");

export {
  chmodSync,
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fsyncSync,
  glob,
  mkdirSync,
  openSync,
  readdir,
  readFile,
  readFileSync,
  stat,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync
};
