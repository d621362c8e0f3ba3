// An explanation as text: one heading for each step of the pipeline with what it takes and gives, its lines below.
import { printable } from '../../diagnostics/render-human.ts'
import type { ExplainedStep, Explanation, Origin } from './explained-step.ts'

/** Steps of one kind that follow each other, as one. */
export interface StepGroup {
  step: ExplainedStep['step']
  takes: string[]
  gives: string[]
  steps: ExplainedStep[]
}

export function groupSteps(steps: readonly ExplainedStep[]): StepGroup[] {
  const groups: ExplainedStep[][] = []
  for (const step of steps) {
    const last = groups.at(-1)
    if (last?.[0]?.step === step.step) last.push(step)
    else groups.push([step])
  }
  return groups.map(group => {
    const takes = new Set(group.flatMap(step => step.takes))
    const gives = new Set(group.flatMap(step => step.gives))
    return {
      step: group[0]!.step,
      takes: [...takes].filter(name => !gives.has(name)),
      gives: [...gives].filter(name => !takes.has(name)),
      steps: group,
    }
  })
}

interface Line {
  text: string
  from?: Origin
}

/** Longer lines push their place to the right. */
const MAX_TEXT = 96

export function renderExplanation(explanation: Explanation): string {
  const { action, service, title, account, accountFrom, steps } = explanation
  const lines: Line[] = [
    { text: `${action ?? service}${title === undefined ? '' : `: ${title}`}`, from: explanation.from },
    ...(action !== undefined && service !== undefined ? [{ text: `  service ${service}` }] : []),
    ...(account === undefined ? [] : [{ text: `  account ${account}`, from: accountFrom! }]),
    { text: '' },
    ...linesOf(steps, '  '),
  ]
  const width = Math.max(
    ...lines.map(({ text, from }) => (from === undefined || text.length > MAX_TEXT ? 0 : text.length)),
  )
  return lines.map(line => renderLine(line, width)).join('')
}

function renderLine({ text, from }: Line, width: number): string {
  const shown = printable(text)
  return from === undefined ? `${shown}\n` : `${shown.padEnd(width)}  ${printable(describeOrigin(from))}\n`
}

export function describeOrigin(from: Origin): string {
  return from === 'default' ? '(default)' : `${from.file}:${from.line}`
}

function linesOf(steps: readonly ExplainedStep[], indent: string): Line[] {
  return groupSteps(steps).flatMap(group => [
    { text: `${indent}${heading(group)}` },
    ...group.steps.flatMap(step => [
      { text: `${indent}  ${step.text}`, from: step.from },
      ...(step.account ? nested(step.account, `${indent}    `) : []),
    ]),
  ])
}

function nested({ name, from, steps }: NonNullable<ExplainedStep['account']>, indent: string): Line[] {
  return [{ text: `${indent}account ${name}`, from }, ...linesOf(steps, `${indent}  `)]
}

function heading({ step, takes, gives }: StepGroup): string {
  if (takes.length === 0 && gives.length === 0) return step
  const from = takes.length > 0 ? `${takes.join(', ')} ` : ''
  return `${step.padEnd(15)}  ${from}-> ${gives.join(', ')}`
}
