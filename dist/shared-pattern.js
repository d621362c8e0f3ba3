import {
  at,
  hidesDots,
  parseDuration,
  readText
} from "./shared-template.js";
import {
  shortText
} from "./shared-yaml.js";

// src/base/memory.ts
var rememberNothing = (_kind, _about, _from, make) => make();
function* keep(kept, steps) {
  const made = yield* steps;
  kept.made = made;
  yield;
  return made;
}
var Memory = class {
  #kinds = /* @__PURE__ */ new Map();
  #run = 0;
  /** What this run does not ask for is forgotten. */
  run(work) {
    const { remember, end } = this.begin();
    const result = work(remember);
    end();
    return result;
  }
  /** A run that others may interrupt, but no other run of this memory. */
  begin() {
    const run = ++this.#run;
    let asked = 0;
    const remember = (kind, about, from, make) => {
      const all = this.#of(kind);
      const known = all.get(about);
      if (known?.run !== run) asked++;
      if (known && isSame(known.from, from)) {
        known.run = run;
        return known.value;
      }
      const value = make();
      all.set(about, { from, value, run });
      return value;
    };
    const end = () => {
      if (asked < this.size) this.#forgetOthers(run);
    };
    return { remember, end };
  }
  #of(kind) {
    const known = this.#kinds.get(kind) ?? /* @__PURE__ */ new Map();
    this.#kinds.set(kind, known);
    return known;
  }
  #forgetOthers(run) {
    for (const all of this.#kinds.values()) for (const [about, known] of all) if (known.run !== run) all.delete(about);
  }
  get size() {
    let size = 0;
    for (const all of this.#kinds.values()) size += all.size;
    return size;
  }
};
function isSame(a, b) {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

// src/base/steps.ts
var STEP = 100;
function atOnce(steps) {
  for (; ; ) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
function* mapInSteps(items, map, step = STEP) {
  const mapped = [];
  for (const item of items) {
    mapped.push(map(item, mapped.length));
    if (mapped.length % step === 0) yield;
  }
  return mapped;
}
function* mapValuesInSteps(map, change) {
  const changed = /* @__PURE__ */ new Map();
  for (const [key, value] of map) {
    changed.set(key, change(value));
    if (changed.size % STEP === 0) yield;
  }
  return changed;
}

// src/config/repeats.ts
var DEFINED_HERE = "defined here";
function withoutRepeats(diagnostics) {
  const direct = /* @__PURE__ */ new Set();
  for (const { code, message, file, range, related } of diagnostics)
    if (!related?.some(isDefinition)) direct.add([code, message, file, range.start.line].join("\0"));
  const told = /* @__PURE__ */ new Set();
  return diagnostics.filter(({ code, message, related }) => {
    const definition = related?.find(isDefinition);
    if (!definition) return true;
    const { file, range } = definition;
    if (direct.has([code, message, file, range.start.line].join("\0"))) return false;
    const id = [code, message, file, range.start.line, range.start.column].join("\0");
    const isNew = !told.has(id);
    told.add(id);
    return isNew;
  });
}
function isDefinition({ message }) {
  return message === DEFINED_HERE;
}

// src/config/locate.ts
function locateFinding(finding, severity) {
  const { code, place, message, hint, part = "value" } = finding;
  const file = place.document.source.file;
  const located = place.document.locate(place.path, part);
  const exact = finding.within && rangeWithin(place, finding.within);
  const related = (finding.related ?? []).map((other) => ({
    file: other.place.document.source.file,
    range: other.place.document.locate(other.place.path, other.part ?? "value").range,
    message: other.message
  }));
  if (located.via) related.push({ file, range: located.via, message: DEFINED_HERE });
  return {
    code,
    severity,
    message: shortText(message),
    file,
    range: exact ?? located.range,
    ...hint && { hint: shortText(hint) },
    ...related.length > 0 && { related }
  };
}
function startOf(place, part = "value") {
  const { range, via } = place.document.locate(place.path, part);
  const { start } = via ?? range;
  return { file: place.document.source.file, line: start.line, column: start.column };
}
function rangeWithin(place, within) {
  const scalar = place.document.rawScalar(place.path);
  const text = valueAt(place);
  if (!scalar || text === void 0) return void 0;
  const { offset, raw } = scalar;
  if (raw === text) return place.document.range(offset + within.start, offset + within.end);
  const piece = text.slice(within.start, within.end);
  const occurrence = text.slice(0, within.start).split(piece).length;
  const found = nthIndexOf(raw, piece, occurrence);
  return found < 0 ? void 0 : place.document.range(offset + found, offset + found + piece.length);
}
function valueAt(place) {
  let value = place.document.value;
  for (const segment of place.path) value = value?.[segment];
  return typeof value === "string" ? value : void 0;
}
function nthIndexOf(text, piece, n) {
  let at2 = -1;
  for (let count = 0; count < n; count++) {
    at2 = text.indexOf(piece, at2 + 1);
    if (at2 < 0) return -1;
  }
  return at2;
}

// src/config/definitions/read-scope.ts
var ITEM = /(?:\{\{[^{}]*\}\}|[^\s,])+/g;
var NONE = [];
function readScope(raw, place) {
  if (!Array.isArray(raw))
    return { scope: raw.match(ITEM) ?? [], scopeTemplates: hasExpression(raw) ? [readText(raw, place)] : NONE };
  if (!raw.some(hasExpression)) return { scope: raw, scopeTemplates: NONE };
  const templates = raw.flatMap((text, index) => hasExpression(text) ? [readText(text, at(place, index))] : []);
  return { scope: raw, scopeTemplates: templates };
}
function hasExpression(text) {
  return text.includes("{{");
}
function fitsInScope(text, separator) {
  return /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]*$/.test(text) && !text.includes(separator);
}

// src/config/definitions/read-rejections.ts
var DEFAULT_REJECTIONS = [{ statuses: [401] }];
function readRejections(raw) {
  return (Array.isArray(raw) ? raw : [raw]).map(({ status, at: at2, equals, minAge }) => {
    const minAgeMs = parseDuration(minAge ?? "");
    return {
      statuses: status,
      ...at2 !== void 0 && { member: { at: at2, ...equals !== void 0 && { equals } } },
      ...minAgeMs !== void 0 && { minAgeMs }
    };
  });
}

// src/config/templates/pattern.ts
var MAX_VALUE_LENGTH = 256;
var MAX_PATTERN_LENGTH = 1024;
var MAX_REPEATS = 256;
function compilePattern(source) {
  if (source.length > MAX_PATTERN_LENGTH) return { fault: `a pattern has at most ${MAX_PATTERN_LENGTH} characters` };
  if (!isRegularExpression(source)) return { fault: "this is not a regular expression" };
  const reader = new PatternReader(source);
  const part = reader.choice();
  if (reader.fault !== void 0) return { fault: reader.fault };
  return {
    pattern: {
      matches: (value) => value.length <= MAX_VALUE_LENGTH && matchesWhole(part, value),
      acceptsSomeOf: (characters) => acceptsSomeOf(part, Array.from(characters))
    }
  };
}
function isRegularExpression(source) {
  try {
    return new RegExp(source, "u") !== void 0;
  } catch {
    return false;
  }
}
var PatternReader = class {
  #characters;
  #at = 0;
  fault;
  constructor(source) {
    this.#characters = Array.from(source);
  }
  choice() {
    const parts = [this.#sequence()];
    while (this.#take("|")) parts.push(this.#sequence());
    return parts.length === 1 ? parts[0] : { kind: "choice", parts };
  }
  #sequence() {
    const parts = [];
    for (let next = this.#peek(); next !== void 0 && next !== "|" && next !== ")"; next = this.#peek()) {
      parts.push(this.#repeated(this.#atom()));
      if (this.fault !== void 0) break;
    }
    return { kind: "sequence", parts };
  }
  #atom() {
    const character = this.#characters[this.#at++];
    if (character === "(") return this.#group();
    if (character === "^") return { kind: "start" };
    if (character === "$") return { kind: "end" };
    if (character === "[") return this.#class();
    if (character === "\\") return this.#escape();
    return characterPart(character === "." ? "." : `\\u{${character.codePointAt(0).toString(16)}}`);
  }
  #group() {
    if (this.#take("?")) {
      if (!this.#take(":")) return this.#refuse("lookaround, named groups and modifiers are not supported");
    }
    const part = this.choice();
    this.#take(")");
    return part;
  }
  #class() {
    const start = this.#at - 1;
    while (this.#peek() !== "]") this.#at += this.#peek() === "\\" ? 2 : 1;
    this.#at++;
    return characterPart(this.#characters.slice(start, this.#at).join(""));
  }
  #escape() {
    const start = this.#at - 1;
    const kind = this.#characters[this.#at++];
    if (/[1-9kbB]/.test(kind)) return this.#refuse("back references and word boundaries are not supported");
    const braced = (kind === "u" || kind === "p" || kind === "P") && this.#peek() === "{";
    if (braced) while (this.#characters[this.#at++] !== "}") ;
    else this.#at += { x: 2, u: 4, c: 1 }[kind] ?? 0;
    return characterPart(this.#characters.slice(start, this.#at).join(""));
  }
  #repeated(part) {
    const [min, max] = this.#quantifier() ?? [];
    if (min === void 0 || max === void 0) return part;
    this.#take("?");
    const most = max === Number.POSITIVE_INFINITY ? min : max;
    if (most > MAX_REPEATS) return this.#refuse(`nothing can repeat more than ${MAX_REPEATS} times`);
    return { kind: "repeat", part, min, max };
  }
  #quantifier() {
    if (this.#take("*")) return [0, Number.POSITIVE_INFINITY];
    if (this.#take("+")) return [1, Number.POSITIVE_INFINITY];
    if (this.#take("?")) return [0, 1];
    const braces = /^\{(\d+)(,?)(\d*)\}/.exec(this.#characters.slice(this.#at, this.#at + 32).join(""));
    if (!braces) return void 0;
    this.#at += braces[0].length;
    const min = Number(braces[1]);
    if (braces[2] === "") return [min, min];
    return [min, braces[3] === "" ? Number.POSITIVE_INFINITY : Number(braces[3])];
  }
  #peek() {
    return this.#characters[this.#at];
  }
  #take(character) {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }
  #refuse(reason) {
    this.fault ??= reason;
    this.#at = this.#characters.length;
    return { kind: "sequence", parts: [] };
  }
};
function characterPart(source) {
  const expression = new RegExp(`^${source}$`, "u");
  return { kind: "character", is: (character) => expression.test(character) };
}
function acceptsSomeOf(part, characters) {
  switch (part.kind) {
    case "character":
      return characters.some(part.is);
    case "sequence":
      return part.parts.every((one) => acceptsSomeOf(one, characters));
    case "choice":
      return part.parts.some((one) => acceptsSomeOf(one, characters));
    case "repeat":
      return part.min === 0 || acceptsSomeOf(part.part, characters);
    default:
      return true;
  }
}
function matchesWhole(part, value) {
  const characters = Array.from(value);
  const known = /* @__PURE__ */ new Map();
  const ends = (of, start) => {
    const before = known.get(of) ?? /* @__PURE__ */ new Map();
    known.set(of, before);
    const found = before.get(start) ?? search(of, start);
    before.set(start, found);
    return found;
  };
  const search = (of, start) => {
    switch (of.kind) {
      case "character":
        return new Set(start < characters.length && of.is(characters[start]) ? [start + 1] : []);
      case "start":
        return new Set(start === 0 ? [0] : []);
      case "end":
        return new Set(start === characters.length ? [start] : []);
      case "choice":
        return new Set(of.parts.flatMap((option) => [...ends(option, start)]));
      case "sequence":
        return of.parts.reduce((starts, next) => step(next, starts), /* @__PURE__ */ new Set([start]));
      case "repeat":
        return repeat(of, start);
    }
  };
  const step = (of, starts) => new Set([...starts].flatMap((start) => [...ends(of, start)]));
  const repeat = ({ part: of, min, max }, start) => {
    let reached = /* @__PURE__ */ new Set([start]);
    for (let times = 0; times < min; times++) reached = step(of, reached);
    const all = new Set(reached);
    for (let times = min; times < max && reached.size > 0; times++) {
      reached = new Set([...step(of, reached)].filter((end) => !all.has(end)));
      for (const end of reached) all.add(end);
    }
    return all;
  };
  return ends(part, 0).has(characters.length);
}

// src/config/templates/path-template.ts
function analyzePath(template, constantOf) {
  const parts = [];
  let text = "";
  for (const part of template) {
    const position = text.includes("?") ? "query" : "path";
    const constant = part.kind === "text" ? part.text : encoded(constantOf(part.expression));
    if (constant !== void 0) parts.push({ kind: "text", text: constant });
    else if (part.kind === "expression") parts.push({ kind: "expression", expression: part.expression, position });
    text += constant ?? "x";
  }
  const fault = faultOf(text);
  return fault ? { ok: false, fault: { code: "uri/invalid", ...fault } } : { ok: true, parts };
}
function encoded(value) {
  return value === void 0 ? void 0 : encodeURIComponent(value);
}
function faultOf(text) {
  if (/[\s\\\x00-\x1f\x7f]/.test(text))
    return { message: "blanks and backslashes cannot stand in a path", hint: "write %20 and /" };
  if (text.includes("#"))
    return { message: "a fragment (`#`) does not belong in a path", hint: "write %23, or remove it" };
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return { message: "a `%` that encodes nothing", hint: "write %25" };
  if (leavesBase(text))
    return { message: "this path could leave the URL of its service", hint: "remove `.` and `..` from it" };
  return void 0;
}
function leavesBase(pathAndQuery) {
  const [path = ""] = pathAndQuery.split("?", 1);
  return path.split(/[/\\]/).some(hidesDots);
}

// src/config/definitions/key-shape.ts
function keyShape(text) {
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
  if (label !== void 0) {
    if (label.endsWith("PRIVATE KEY")) return "private";
    return label === "CERTIFICATE" ? "certificate" : "public";
  }
  if (!text.trimStart().startsWith("{") || !/"kty"\s*:/.test(text)) return "none";
  return /"d"\s*:/.test(text) ? "private" : "public";
}
function keyShapeOf(value) {
  if (value.kind === "template") return "none";
  return value.reference.kind === "literal" ? keyShape(value.reference.secret.reveal()) : void 0;
}

// src/config/definitions/grant-members.ts
var URN = "urn:ietf:params:oauth:grant-type:";
var GRANT_MEMBERS = {
  client_credentials: { type: "client_credentials", members: [] },
  password: {
    type: "password",
    members: [
      { key: "username", name: "username" },
      { key: "password", name: "password" }
    ]
  },
  refresh_token: { type: "refresh_token", members: [{ key: "refreshToken", name: "refresh_token" }] },
  jwt_bearer: { type: `${URN}jwt-bearer`, members: [{ key: "assertion", name: "assertion" }] },
  saml2_bearer: { type: `${URN}saml2-bearer`, members: [{ key: "assertion", name: "assertion" }] },
  token_exchange: {
    type: `${URN}token-exchange`,
    members: [
      { key: "subjectToken", name: "subject_token" },
      { key: "subjectTokenType", name: "subject_token_type" },
      { key: "actorToken", name: "actor_token" },
      { key: "actorTokenType", name: "actor_token_type" },
      { key: "requestedTokenType", name: "requested_token_type" }
    ]
  },
  custom: { type: void 0, members: [] },
  login: { type: void 0, members: [] }
};
function grantTypeOf({ grant, tokenRequest }) {
  return GRANT_MEMBERS[grant].type ?? tokenRequest.grantType;
}

export {
  rememberNothing,
  keep,
  Memory,
  atOnce,
  mapInSteps,
  mapValuesInSteps,
  readScope,
  fitsInScope,
  DEFAULT_REJECTIONS,
  readRejections,
  compilePattern,
  keyShape,
  keyShapeOf,
  GRANT_MEMBERS,
  grantTypeOf,
  analyzePath,
  leavesBase,
  withoutRepeats,
  locateFinding,
  startOf
};
