import {
  contentTypeOf,
  safeBaseName
} from "./shared-file-name.js";
import {
  createReadStream
} from "./shared-node-fs.js";
import {
  AppError,
  systemErrorCode
} from "./shared-error.js";

// src/deliveries/open-files.ts
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
async function openFiles(given, options) {
  const files = [];
  for (const file of given) files.push(await openFile(typeof file === "string" ? { path: file } : file, options));
  return files;
}
async function openFile({ path, name, type }, { directory, sha256 }) {
  const absolute = resolve(directory, path);
  const own = safeBaseName(name ?? basename(path));
  const size = await sizeOf(absolute, path);
  return {
    name: own,
    size,
    type: type ?? contentTypeOf(own),
    path: absolute,
    ...sha256 && { sha256: await hashFile(absolute) }
  };
}
var REASONS = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  ENAMETOOLONG: "its name is too long",
  ERR_INVALID_ARG_VALUE: "its name holds a NUL"
};
async function sizeOf(path, shown) {
  let handle;
  const unavailable = (reason) => new AppError("file_unavailable", `${JSON.stringify(shown).slice(1, -1)}: ${reason}`);
  try {
    handle = await open(path, "r");
    const info = await handle.stat();
    if (info.isFile()) return info.size;
    throw unavailable(info.isDirectory() ? "this is a folder" : "this is no regular file");
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = systemErrorCode(error) ?? "";
    throw unavailable(REASONS[code] ?? `cannot be read (${code})`);
  } finally {
    await handle?.close();
  }
}
async function hashFile(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

// src/deliveries/read-file.ts
import { open as open2 } from "node:fs/promises";
var PART_BYTES = 512 * 1024;
var BUFFERS = 4;
async function* readFile({ path, name, size, bytes }, onSent) {
  if (size === 0) return;
  if (bytes) {
    yield bytes;
    onSent?.(size);
    return;
  }
  const buffers = [];
  const file = await open2(path, "r");
  try {
    for (let at = 0, turn = 0; at < size; at += PART_BYTES, turn = (turn + 1) % BUFFERS) {
      const buffer = buffers[turn] ?? Buffer.allocUnsafeSlow(Math.min(size, PART_BYTES));
      buffers[turn] = buffer;
      const part = buffer.subarray(0, size - at);
      if (!await fill(part, file, at))
        throw new AppError("file_unavailable", `file \`${name}\` became shorter while it was read`);
      yield part;
      onSent?.(part.length);
    }
  } finally {
    await file.close();
  }
}
async function fill(part, file, at) {
  for (let filled = 0; filled < part.length; ) {
    const { bytesRead } = await file.read(part, filled, part.length - filled, at + filled);
    if (bytesRead === 0) return false;
    filled += bytesRead;
  }
  return true;
}

export {
  openFiles,
  readFile
};
