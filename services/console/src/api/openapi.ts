/** The OpenAPI 3.1 document of the API, made from its operations. `docs/openapi.json` is this document. */
import { type Operation, operations, problemSchema } from '@sallyport/contracts'
import type { TObject, TSchema } from 'typebox'

export interface OpenApiDocument {
  readonly openapi: string
  readonly info: object
  readonly servers: readonly object[]
  readonly security: readonly object[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>
  readonly components: object
}

const description = `Ask with \`Authorization: Bearer TOKEN\`. Each token has a scope: \`viewer\` sees everything but the content of messages;
\`operator\` also releases, drops, retries, cancels, pauses, and reads content; \`admin\` also changes the policy and restores.
Lists come in pages: ask again with \`cursor\` = \`next\` until it is null. What goes wrong is a problem (RFC 9457) whose \`code\` is stable
and whose \`detail\` says what to do. Times are milliseconds since the epoch.`

export function openApiDocument(all: Readonly<Record<string, Operation>> = operations): OpenApiDocument {
  const paths: Record<string, Record<string, object>> = {}
  for (const [name, operation] of Object.entries(all)) {
    const path = paths[operation.path] ?? {}
    paths[operation.path] = path
    path[operation.method.toLowerCase()] = operationObject(name, operation)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sallyport',
      version: '1',
      summary: 'The API of the console',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: plain(problemSchema) },
    },
  }
}

function operationObject(operationId: string, operation: Operation): object {
  const { summary, scope, params, query, ifMatch, status = 200 } = operation
  const parameters = [
    ...parametersOf(params, 'path'),
    ...parametersOf(query, 'query'),
    ...(ifMatch ? [ifMatchParameter] : []),
    authorParameter,
  ]
  return {
    operationId,
    summary,
    description: `Scope: ${scope}`,
    tags: [operation.path.split('/')[2] ?? ''],
    parameters,
    ...requestBody(operation),
    responses: { [status]: success(operation), ...problems(operation) },
  }
}

const ifMatchParameter = {
  name: 'If-Match',
  in: 'header',
  // Without it the answer is 428, which says so.
  required: false,
  schema: { type: 'string' },
  description: 'the ETag of GET /api/policy; "0" where there is none yet; * to change whatever holds',
}
const authorParameter = {
  name: 'X-Author',
  in: 'header',
  required: false,
  schema: { type: 'string' },
  description: 'who asks, for the audit log; default the name of the token',
}

function parametersOf(schema: TObject | undefined, place: 'path' | 'query'): object[] {
  const required = new Set<string>(schema?.required ?? [])
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = plain(property)
    return {
      name,
      in: place,
      required: place === 'path' || required.has(name),
      schema: rest,
      ...(description ? { description } : {}),
    }
  })
}

function requestBody({ body, consumes }: Operation): object {
  if (body) return { requestBody: { required: true, content: { 'application/json': { schema: plain(body) } } } }
  // Text that no schema describes: what is wrong with it the answer says.
  if (consumes) return { requestBody: { required: false, content: { [consumes]: { schema: {} } } } }
  return {}
}

function success({ response, produces = 'application/json' }: Operation): object {
  if (response) return { description: 'done', content: { [produces]: { schema: plain(response) } } }
  return {
    description: 'done',
    content: { [produces]: { schema: { type: 'string', ...(produces.startsWith('text/') ? {} : { format: 'binary' }) } } },
  }
}

const descriptions: Readonly<Record<number, string>> = {
  400: 'the request cannot be understood',
  401: 'a valid token is needed',
  403: 'the token does not allow this',
  404: 'there is none',
  409: 'the policy comes from a file',
  412: 'the policy has changed meanwhile',
  413: 'too large',
  415: 'the wrong type',
  422: 'it has faults, all of which are told',
  428: 'If-Match is needed',
  503: 'the gateway cannot do this now',
}

function problems({ problems = [], body, consumes }: Operation): object {
  const statuses = [...new Set([400, 401, 403, ...(body || consumes ? [413, 415] : []), ...problems, 503])].sort((a, b) => a - b)
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  return Object.fromEntries(statuses.map((status) => [status, { description: descriptions[status] ?? '', content }]))
}

/** The schema as plain JSON, without what the library keeps beside it. */
const plain = (schema: TSchema): Record<string, unknown> => JSON.parse(JSON.stringify(schema))
