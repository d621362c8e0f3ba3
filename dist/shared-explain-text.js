import {
  printable
} from "./shared-render-human.js";

// src/compile/explain/explain-text.ts
function groupSteps(steps) {
  const groups = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]?.step === step.step) last.push(step);
    else groups.push([step]);
  }
  return groups.map((group) => {
    const takes = new Set(group.flatMap((step) => step.takes));
    const gives = new Set(group.flatMap((step) => step.gives));
    return {
      step: group[0].step,
      takes: [...takes].filter((name) => !gives.has(name)),
      gives: [...gives].filter((name) => !takes.has(name)),
      steps: group
    };
  });
}
var MAX_TEXT = 96;
function renderExplanation(explanation) {
  const { action, service, title, account, accountFrom, steps } = explanation;
  const lines = [
    { text: `${action ?? service}${title === void 0 ? "" : `: ${title}`}`, from: explanation.from },
    ...action !== void 0 && service !== void 0 ? [{ text: `  service ${service}` }] : [],
    ...account === void 0 ? [] : [{ text: `  account ${account}`, from: accountFrom }],
    { text: "" },
    ...linesOf(steps, "  ")
  ];
  const width = Math.max(
    ...lines.map(({ text, from }) => from === void 0 || text.length > MAX_TEXT ? 0 : text.length)
  );
  return lines.map((line) => renderLine(line, width)).join("");
}
function renderLine({ text, from }, width) {
  const shown = printable(text);
  return from === void 0 ? `${shown}
` : `${shown.padEnd(width)}  ${printable(describeOrigin(from))}
`;
}
function describeOrigin(from) {
  return from === "default" ? "(default)" : `${from.file}:${from.line}`;
}
function linesOf(steps, indent) {
  return groupSteps(steps).flatMap((group) => [
    { text: `${indent}${heading(group)}` },
    ...group.steps.flatMap((step) => [
      { text: `${indent}  ${step.text}`, from: step.from },
      ...step.account ? nested(step.account, `${indent}    `) : []
    ])
  ]);
}
function nested({ name, from, steps }, indent) {
  return [{ text: `${indent}account ${name}`, from }, ...linesOf(steps, `${indent}  `)];
}
function heading({ step, takes, gives }) {
  if (takes.length === 0 && gives.length === 0) return step;
  const from = takes.length > 0 ? `${takes.join(", ")} ` : "";
  return `${step.padEnd(15)}  ${from}-> ${gives.join(", ")}`;
}

export {
  groupSteps,
  renderExplanation,
  describeOrigin
};
