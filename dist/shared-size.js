// src/base/size.ts
var UNIT_BYTES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };
function parseSize(text) {
  const match = /^(\d{1,12})(B|KiB|MiB|GiB|TiB)$/.exec(text);
  return match ? Number(match[1]) * UNIT_BYTES[match[2]] : void 0;
}
function formatSize(bytes) {
  const [unit, size] = Object.entries(UNIT_BYTES).findLast(([, size2]) => bytes >= size2) ?? ["B", 1];
  const amount = bytes / size;
  return `${unit === "B" || Number.isInteger(amount) ? amount : amount.toFixed(1)} ${unit}`;
}

export {
  parseSize,
  formatSize
};
