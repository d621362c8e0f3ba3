// src/deliveries/text-input.ts
function setText(texts, path, text) {
  let within = texts;
  for (const name of path.slice(0, -1)) {
    const below = Object.hasOwn(within, name) ? within[name] : void 0;
    const mapping = isMapping(below) ? below : {};
    setOwn(within, name, mapping);
    within = mapping;
  }
  setOwn(within, path.at(-1), text);
}
function joinInput(input, texts) {
  if (Object.keys(texts).length === 0) return { input, from: "json" };
  return isMapping(input) ? { input: joined(input, texts), from: "text" } : void 0;
}
function joined(input, texts) {
  const both = { ...input };
  for (const [name, text] of Object.entries(texts)) {
    const below = Object.hasOwn(input, name) ? input[name] : void 0;
    setOwn(both, name, isMapping(text) && isMapping(below) ? joined(below, text) : text);
  }
  return both;
}
function isMapping(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function setOwn(target, name, value) {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

export {
  setText,
  joinInput
};
