import {
  printable
} from "./shared-render-human.js";

// src/compile/explain/mermaid.ts
var MERMAID_SETTINGS = '  %%{init: {"flowchart": {"wrappingWidth": 600}}}%%';
function mermaidLabel(...lines) {
  const [first = "", ...rest] = lines.map(escapeMermaid);
  return `"${[rest.length > 0 ? `<b>${first}</b>` : first, ...rest].join("<br/>")}"`;
}
function escapeMermaid(text) {
  return printable(text).replaceAll("$$", "$\u2060$").replace(
    /[^\p{L}\p{M}\p{N}\p{Emoji_Presentation} _,.:/()=?>-]|^-|(?<=^\d+)\./gu,
    (char) => `#${char.codePointAt(0)};`
  );
}

export {
  MERMAID_SETTINGS,
  mermaidLabel,
  escapeMermaid
};
