import {
  glob,
  readFile,
  readdir,
  stat
} from "./shared-node-fs.js";
import {
  LARGER,
  MAX_BYTES
} from "./shared-source.js";
import {
  suggest
} from "./shared-leven.js";
import {
  systemErrorCode
} from "./shared-error.js";

// src/config/read.ts
import { dirname, join, relative, resolve } from "node:path";

// plain:node:util
import { createRequire } from "node:module";
var builtin = process.getBuiltinModule ?? createRequire(import.meta.url);
var { promisify } = builtin("node:util");

// src/base/map-limited.ts
async function mapLimited(items, limit, run) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await run(items[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

// src/config/read.ts
var stat2 = promisify(stat);
var readdir2 = promisify(readdir);
var readFile2 = promisify(readFile);
function createReadCache() {
  return { files: /* @__PURE__ */ new Map() };
}
async function readAgain(paths, directory, again) {
  const { cache, suspects } = again;
  const id = paths.join("\n");
  const known = cache.last?.paths === id && typeof suspects !== "string" ? cache.last.read : void 0;
  const few = known && await readFew(known, suspects, directory);
  for (const source of few?.sources ?? [])
    if (suspects.has(source.path)) cache.files.set(source.path, { state: void 0, source });
  const read = few ?? await readSources(paths, directory, again);
  cache.last = { paths: id, read };
  return read;
}
async function readFew({ sources, diagnostics }, suspects, directory) {
  const read = /* @__PURE__ */ new Map();
  for (const known of sources) {
    const { path } = known;
    if (!suspects.has(path)) continue;
    const source = await readSource(path, directory);
    if ("code" in source) return void 0;
    read.set(path, source.text === known.text ? known : source);
  }
  if (read.size < suspects.size || diagnostics.length > 0) return void 0;
  return { sources: sources.map((source) => read.get(source.path) ?? source), diagnostics };
}
async function readSources(paths, directory, again) {
  const diagnostics = [];
  const files = /* @__PURE__ */ new Set();
  for (const path of paths) {
    const found = await filesOf(path, directory);
    diagnostics.push(...found.diagnostics);
    for (const file of found.files) files.add(file);
  }
  const read = await mapLimited([...files], 32, (file) => readCached(file, directory, again));
  const sources = read.filter((result) => "text" in result);
  diagnostics.push(...read.filter((result) => "code" in result));
  const known = again?.cache.files;
  for (const path of known?.keys() ?? []) if (!files.has(path)) known?.delete(path);
  return judgeEmptyFolders({ sources, diagnostics }, () => sources.length > 0);
}
var EMPTY_FOLDER = "file/empty-folder";
function judgeEmptyFolders(read, mayBeEmpty) {
  const judge = (one) => ({ ...one, severity: mayBeEmpty(one.file) ? "warning" : "error" });
  return { ...read, diagnostics: read.diagnostics.map((one) => one.code === EMPTY_FOLDER ? judge(one) : one) };
}
function emptyFolders({ diagnostics }) {
  return new Set(diagnostics.filter(({ code }) => code === EMPTY_FOLDER).map(({ file }) => file));
}
var YAML_FILE = /\.ya?ml$/i;
function fileProblem(code, file, message, hint) {
  const range = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  return { code, severity: "error", message, file, range, ...hint && { hint } };
}
function displayName(path, directory) {
  const name = relative(directory, path);
  return name === "" || name.startsWith("..") ? path : name;
}
function faulty(...diagnostics) {
  return { files: [], diagnostics };
}
async function filesOf(path, directory) {
  const absolute = resolve(directory, path);
  const name = displayName(absolute, directory);
  try {
    if (!(await stat2(absolute)).isDirectory()) return { files: [absolute], diagnostics: [] };
    const found = await yamlFilesBelow(absolute, directory);
    return found.files.length + found.diagnostics.length > 0 ? found : faulty(fileProblem(EMPTY_FOLDER, name, "this folder holds no .yaml or .yml file"));
  } catch (error) {
    if (!isMissing(error)) return faulty(unreadable(name, error));
  }
  const matches = /[*?[{]/.test(path) ? await expandGlob(path, directory) : [];
  return matches.length > 0 ? { files: matches, diagnostics: [] } : faulty(await notFound(absolute, name));
}
function isMissing(error) {
  return systemErrorCode(error) === "ENOENT" || systemErrorCode(error) === "ENOTDIR";
}
async function expandGlob(pattern, directory) {
  if (!glob) return [];
  const matches = await promisify(glob)(pattern, { cwd: directory });
  return matches.map((match) => resolve(directory, match)).filter((match) => YAML_FILE.test(match)).sort();
}
async function notFound(absolute, name) {
  const siblings = await readdir2(dirname(absolute)).catch(() => []);
  const nearest = suggest(absolute.slice(dirname(absolute).length + 1), siblings);
  const hint = nearest ? `did you mean \`${displayName(join(dirname(absolute), nearest), dirname(absolute))}\`?` : void 0;
  return fileProblem("file/not-found", name, "no such file or folder", hint);
}
function unreadable(name, error) {
  const code = systemErrorCode(error) ?? "unknown reason";
  const [reason, hint] = REASONS[code] ?? [code];
  return fileProblem("file/unreadable", name, `cannot be read: ${reason}`, hint);
}
var REASONS = {
  EACCES: ["permission denied", "check the permissions"],
  ENOENT: ["it is gone, or a link that leads nowhere", "remove the link, or make what it points to"],
  ELOOP: ["a link that leads to itself", "remove the link"]
};
async function yamlFilesBelow(folder, directory, depth = 0) {
  const entries = await readdir2(folder, { withFileTypes: true }).catch((error) => error);
  if (entries instanceof Error) return faulty(unreadable(displayName(folder, directory), entries));
  const found = faulty();
  const visible = entries.filter(({ name }) => !name.startsWith(".") && name !== "node_modules");
  for (const entry of visible.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = join(folder, entry.name);
    const info = entry.isSymbolicLink() ? await stat2(path).catch(() => void 0) : entry;
    if (info?.isDirectory() && depth < 16) {
      const below = await yamlFilesBelow(path, directory, depth + 1);
      found.files.push(...below.files);
      found.diagnostics.push(...below.diagnostics);
    }
    if ((!info || info.isFile()) && YAML_FILE.test(entry.name)) found.files.push(path);
  }
  return found;
}
var UNSAFE_MS = 2e3;
async function readCached(path, directory, again) {
  if (!again) return readSource(path, directory);
  const { cache, suspects } = again;
  const info = await stat2(path).catch(() => void 0);
  const state = info && [info.dev, info.ino, info.size, info.mtimeMs, info.ctimeMs].join();
  const known = cache.files.get(path);
  if (known && state && known.state === state && suspects !== "all") return known.source;
  const read = await readSource(path, directory);
  const rests = info && Math.abs(Date.now() - Math.max(info.mtimeMs, info.ctimeMs)) > UNSAFE_MS;
  if ("code" in read) {
    cache.files.delete(path);
    return read;
  }
  const source = known?.source.text === read.text ? known.source : read;
  cache.files.set(path, { state: rests ? state : void 0, source });
  return source;
}
async function readSource(path, directory) {
  const file = displayName(path, directory);
  const tooLarge = () => fileProblem("file/too-large", file, LARGER, "split it into several files");
  try {
    if ((await stat2(path)).size > MAX_BYTES) return tooLarge();
    const bytes = await readFile2(path);
    if (bytes.length > MAX_BYTES) return tooLarge();
    return { path, file, text: decode(bytes) };
  } catch (error) {
    return unreadable(file, error);
  }
}
function decode(bytes) {
  if (bytes[0] === 255 && bytes[1] === 254) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 254 && bytes[1] === 255) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder("utf-8").decode(bytes);
}
function isSame(a, b) {
  return a === b || a.path === b.path && a.text === b.text;
}
function sameSources(a, b) {
  const same = a.sources.length === b.sources.length && a.diagnostics.length === b.diagnostics.length;
  const problems = ({ diagnostics }) => JSON.stringify(diagnostics.map(({ code, file }) => [code, file]));
  return same && a.sources.every((source, index) => isSame(source, b.sources[index])) && problems(a) === problems(b);
}

export {
  mapLimited,
  createReadCache,
  readAgain,
  readSources,
  judgeEmptyFolders,
  emptyFolders,
  decode,
  sameSources
};
