// The routes of both listeners as OpenAPI 3.1. A test says when a route is missing here.
import { VERSION } from '../base/version.ts'
import { PROBLEM_TYPE } from './problem.ts'

type Json = Record<string, unknown>

const PROBLEM = { description: 'A problem (RFC 9457).', content: { [PROBLEM_TYPE]: { schema: ref('Problem') } } }
const SERVICE: Json = { name: 'service', in: 'path', required: true, schema: { type: 'string' } }
const PARAMS: Json = {
  name: 'x-bearerd-param-{name}',
  in: 'header',
  description: 'A parameter of the service; in the query it is param.{name}.',
  schema: { type: 'string' },
}
const MIN_TTL: Json = { name: 'minTtl', in: 'query', schema: { type: 'string', examples: ['10m'] } }
/** Of the one request that a proof is for (DPoP). */
const PROVEN: readonly Json[] = [
  { name: 'method', in: 'query', schema: { type: 'string', examples: ['GET'] } },
  { name: 'url', in: 'query', schema: { type: 'string', examples: ['https://api.crm.example/v3/me'] } },
]
const ACTION: Json = { name: 'action', in: 'path', required: true, schema: { type: 'string' } }
const ID: Json = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
const WAIT: Json = { name: 'wait', in: 'query', schema: { type: 'string', examples: ['30s'] } }
const KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'A request that is repeated with it is accepted once.',
  schema: { type: 'string', maxLength: 255 },
}
const REST: Json = { name: 'path', in: 'path', required: true, schema: { type: 'string' } }

function ref(name: string): Json {
  return { $ref: `#/components/schemas/${name}` }
}

function answer(description: string, schema: Json): Json {
  return { description, content: { 'application/json': { schema } } }
}

function route(listener: 'API' | 'Admin', summary: string, responses: Json, parameters: Json[] = []): Json {
  return {
    tags: [listener],
    summary,
    ...(parameters.length > 0 && { parameters }),
    responses: { ...responses, default: PROBLEM },
  }
}

const text = (description: string) => ({ description, content: { 'text/plain': { schema: { type: 'string' } } } })

const FORWARD = route(
  'API',
  'Forwards to serverUrl and the rest of the path, with the credential injected.',
  { '2XX': { description: 'The answer of the service, as it is.' } },
  [SERVICE, PARAMS],
)
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
const ASKED = route(
  'API',
  'The same for a gateway that adds the method, path and query of its client, which do not count.',
  { 200: answer('The credential.', ref('Authorization')) },
  [SERVICE, PARAMS],
)
const ASKED_ALL = Object.fromEntries(METHODS.map(method => [method, ASKED]))
const FORWARD_ALL = Object.fromEntries(METHODS.map(method => [method, FORWARD]))

const SCHEMAS: Json = {
  Problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'code'],
    properties: {
      ...strings('type', 'title', 'detail', 'code', 'service', 'account', 'caller', 'endpoint', 'requestId'),
      status: { type: 'integer' },
    },
  },
  State: { enum: ['idle', 'ready', 'degraded', 'failing'] },
  Service: {
    type: 'object',
    required: ['name', 'account', 'state'],
    properties: { ...strings('name', 'title', 'account'), state: ref('State') },
  },
  Authorization: {
    type: 'object',
    required: ['service', 'headers', 'query', 'expiresAt'],
    properties: {
      service: { type: 'string' },
      headers: { type: 'object', additionalProperties: { type: 'string' } },
      query: { type: 'object', additionalProperties: { type: 'string' } },
      expiresAt: { type: ['string', 'null'], format: 'date-time' },
    },
  },
  Delivery: {
    type: 'object',
    required: ['id', 'action', 'state', 'attempts', 'createdAt'],
    properties: {
      ...strings('id', 'action', 'createdAt'),
      state: { enum: ['pending', 'running', 'delivered', 'dead'] },
      attempts: { type: 'integer' },
      nextAttemptAt: { type: ['string', 'null'], format: 'date-time' },
      lastError: {},
    },
  },
  Status: {
    type: 'object',
    required: ['generation', 'lastReload', 'services'],
    properties: {
      generation: { type: 'object', properties: { id: { type: 'integer' }, ...strings('activatedAt') } },
      lastReload: {
        type: 'object',
        properties: {
          ok: { type: 'boolean' },
          ...strings('at'),
          diagnostics: { type: 'array', items: ref('Diagnostic') },
        },
      },
      state: {
        type: 'object',
        properties: {
          kind: { enum: ['memory', 'dir', 'postgresql'] },
          ok: { type: 'boolean' },
          lastError: { type: ['string', 'null'] },
        },
      },
      deliveries: {
        type: 'object',
        properties: {
          queue: { enum: ['sqlite', 'postgresql'] },
          ok: { type: 'boolean' },
          lastError: { type: ['string', 'null'] },
        },
      },
      services: { type: 'object', additionalProperties: ref('ServiceStatus') },
    },
  },
  ServiceStatus: {
    type: 'object',
    properties: {
      account: { type: 'string' },
      state: ref('State'),
      expiresAt: { type: ['string', 'null'], format: 'date-time' },
      lastError: { type: ['object', 'null'], properties: strings('code', 'message') },
      scopeGranted: { type: 'string' },
      clientSecret: { type: 'object', properties: { inUse: { type: 'integer' }, of: { type: 'integer' } } },
    },
  },
  Diagnostic: {
    type: 'object',
    properties: { ...strings('code', 'severity', 'message', 'file', 'hint'), range: { type: 'object' } },
  },
}

function strings(...names: string[]): Json {
  return Object.fromEntries(names.map(name => [name, { type: 'string' }]))
}

export const OPENAPI: Json = {
  openapi: '3.1.0',
  info: {
    title: 'bearerd',
    version: VERSION,
    description:
      'The API listener hands out credentials and forwards requests; the admin listener never shows a secret.',
  },
  tags: [{ name: 'API' }, { name: 'Admin' }],
  paths: {
    '/v1/services': {
      get: route('API', 'The services that the caller may use.', {
        200: answer('The list.', {
          type: 'object',
          properties: { services: { type: 'array', items: ref('Service') } },
        }),
      }),
    },
    '/v1/services/{service}': { get: route('API', 'One service.', { 200: answer('It.', ref('Service')) }, [SERVICE]) },
    '/v1/services/{service}/authorization': {
      get: route(
        'API',
        'The credential, in the headers of the answer and in its body.',
        { 200: answer('The credential.', ref('Authorization')) },
        [SERVICE, MIN_TTL, ...PROVEN, PARAMS],
      ),
    },
    '/v1/services/{service}/authorization/{path}': { parameters: [REST], ...ASKED_ALL },
    '/v1/services/{service}/proxy': FORWARD_ALL,
    '/v1/services/{service}/proxy/{path}': { parameters: [REST], ...FORWARD_ALL },
    '/v1/services/{service}/token': {
      delete: route('API', 'Forgets the cached token.', { 204: { description: 'Done.' } }, [SERVICE, PARAMS]),
    },
    '/v1/actions/{action}/deliveries': {
      post: route(
        'API',
        'Accepts a delivery: a JSON body is the input, a multipart one has files, any other one is a file.',
        {
          200: answer('It was delivered within `wait`.', ref('Delivery')),
          202: answer('It is accepted.', ref('Delivery')),
        },
        [ACTION, WAIT, KEY],
      ),
    },
    '/v1/deliveries': {
      get: route('API', 'The deliveries of actions that the caller may run.', {
        200: answer('The list.', {
          type: 'object',
          properties: { deliveries: { type: 'array', items: ref('Delivery') }, next: { type: ['string', 'null'] } },
        }),
      }),
    },
    '/v1/deliveries/{id}': {
      get: route('API', 'One delivery.', { 200: answer('It.', ref('Delivery')) }, [ID]),
      delete: route('API', 'Removes a delivery.', { 204: { description: 'Done.' } }, [ID]),
    },
    '/v1/deliveries/{id}/retry': {
      post: route('API', 'Tries a dead delivery again.', { 202: answer('It.', ref('Delivery')) }, [ID]),
    },
    '/': { get: route('Admin', 'The status page.', { 200: { description: 'HTML.' } }) },
    '/-/healthy': { get: route('Admin', 'Whether the process runs.', { 200: text('It does.') }) },
    '/-/ready': { get: route('Admin', 'Whether to send traffic.', { 200: text('Yes.'), 503: text('No.') }) },
    '/-/reload': {
      post: route('Admin', 'Reads the configuration again.', {
        200: answer('The new generation, and its warnings.', { type: 'object' }),
        422: PROBLEM,
      }),
    },
    '/metrics': { get: route('Admin', 'Metrics for Prometheus.', { 200: text('The metrics.') }) },
    '/v1/status': { get: route('Admin', 'Generation, reloads and services.', { 200: answer('It.', ref('Status')) }) },
    '/openapi.json': { get: route('Admin', 'This document.', { 200: answer('It.', { type: 'object' }) }) },
  },
  components: { schemas: SCHEMAS },
}
