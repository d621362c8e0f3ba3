// A request that goes to a service: the service for the caller's values of parameters, and the target without them.
import type { Executor } from '../../runtime/executor.ts'
import { calledService } from '../callers/admission.ts'
import { queryOf, withoutParams } from '../callers/caller-params.ts'
import { requestId } from '../send-problem.ts'
import type { AnswerService } from '../service-route.ts'
import type { ServiceProxy } from './proxy.ts'

export function forwarding({ executor, proxy }: { executor: Executor; proxy: ServiceProxy }): AnswerService {
  return ({ request, response }, { service: name, rest }) => {
    const { parameters } = executor.definition(name).plan
    // A service without parameters may have a query of that name itself.
    const service = calledService(executor, request, name, parameters ? queryOf(rest) : '')
    const target = parameters ? withoutParams(rest) : rest
    proxy.forward({ request, response, requestId: requestId(request) }, service, target)
    return undefined
  }
}
