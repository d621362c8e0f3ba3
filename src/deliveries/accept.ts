// What an action is given -> what it takes, or an AppError that says what does not fit. Before anything is stored or sent.
import { AppError } from '../base/error.ts'
import type { ActionPlan } from '../compile/actions/action-plan.ts'

/** Throws AppError `invalid_input` with the pointers of all values that do not fit. */
export function checkedInput(plan: ActionPlan, input: unknown, from: 'json' | 'text'): unknown {
  const checked = plan.checkInput(input, from)
  if (checked.ok) return checked.input
  const told = checked.problems.map(({ pointer, detail }) => `${pointer || 'the input'} ${detail}`)
  const rest = told.length > 3 ? `, and ${told.length - 3} more` : ''
  const message = `the input of action \`${plan.name}\` does not fit: ${told.slice(0, 3).join('; ')}${rest}`
  throw new AppError('invalid_input', message, { errors: checked.problems })
}

/** Throws AppError `invalid_input` for no file where one is needed, and for any where none can be sent. */
export function checkFiles({ name, needsFile }: ActionPlan, count: number): void {
  if (needsFile && count === 0) throw new AppError('invalid_input', `action \`${name}\` needs a file`)
  if (!needsFile && count > 0) throw new AppError('invalid_input', `action \`${name}\` sends no file`)
}
