import {
  CommandError,
  EXIT,
  print
} from "./shared-output.js";
import "./shared-node-fs.js";
import {
  CODE_PAGES,
  codePage
} from "./shared-reference.js";
import {
  printable
} from "./shared-render-human.js";
import {
  didYouMeanCode
} from "./shared-leven.js";
import "./shared-runtime.js";

// src/cli/commands/rules.ts
async function rules(code, { format }) {
  const page = code === void 0 ? void 0 : pageOf(code);
  await print(format === "json" ? json(page ?? CODE_PAGES.map(entryOf)) : page ? text(page) : table());
  return EXIT.ok;
}
function pageOf(code) {
  const page = codePage(code);
  if (page) return page;
  const codes = CODE_PAGES.map((known) => known.code);
  throw new CommandError(
    EXIT.usage,
    `no code \`${printable(code)}\`; ${didYouMeanCode(code, codes) ?? "`bearerd rules` lists them"}`
  );
}
function json(value) {
  return `${JSON.stringify(value, null, 2)}
`;
}
function entryOf({ code, severity, title }) {
  return { code, severity, title };
}
function table() {
  const width = Math.max(...CODE_PAGES.map(({ code }) => code.length));
  return CODE_PAGES.map(({ code, severity, title }) => `${code.padEnd(width)}  ${severity.padEnd(7)}  ${title}
`).join(
    ""
  );
}
function text({ code, severity, title, explanation, bad, good }) {
  return [`${code} (${severity})`, title, explanation, "Wrong:", indented(bad), "Right:", `${indented(good)}
`].join(
    "\n\n"
  );
}
function indented(example) {
  return example.trimEnd().replaceAll(/^(?=.)/gm, "    ");
}
export {
  rules
};
