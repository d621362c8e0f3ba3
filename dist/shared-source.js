// src/config/yaml/source.ts
var MAX_BYTES = 5 * 1024 * 1024;
var LARGER = "larger than 5 MiB";
function lineIndex(text) {
  let starts;
  const position = (offset) => {
    starts ??= lineStarts(text);
    const line = lastAtMost(starts, offset);
    return { line: line + 1, column: offset - starts[line] + 1 };
  };
  return { position, range: (start, end) => ({ start: position(start), end: position(end) }) };
}
function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
function lastAtMost(sorted, value) {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = low + high + 1 >> 1;
    if (sorted[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

export {
  MAX_BYTES,
  LARGER,
  lineIndex
};
