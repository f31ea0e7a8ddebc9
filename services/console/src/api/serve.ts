/** Serves an operation of the contracts: what comes is checked by its schemas, and who asks by its scope. */
import { type Answered, type Given, hasScope, type Operation } from '@sallyport/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TObject, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import type { Caller } from '../tokens.ts'
import { problem, sendProblem } from './problem.ts'
import { requestFault } from './request-fault.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without a token. */
    readonly isPublic?: boolean
  }
  interface FastifyRequest {
    /** Null where the route is public. */
    caller: Caller | null
  }
}

/** One request, checked. */
export interface Call<O extends Operation> extends Given<O> {
  readonly caller: Caller
  /** The body of a request that is no JSON; empty where there is none. */
  readonly text: string
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** Answers with what the operation promises, or has sent the reply itself. A `SallyportError` becomes a problem. */
export type Handler<O extends Operation> = (call: Call<O>) => Promise<Answered<O> | FastifyReply> | Answered<O> | FastifyReply

export class BadRequest extends Error {
  readonly statusCode = 400
}

/** The path of an operation as fastify writes it. */
export const urlOf = ({ path }: Pick<Operation, 'path'>): string => path.replace(/\{(\w+)\}/g, ':$1')

export function serve<O extends Operation>(app: FastifyInstance, operation: O, handler: Handler<O>): void {
  const checkParams = checker(operation.params, 'path', true)
  const checkQuery = checker(operation.query, 'query', true)
  const checkBody = checker(operation.body, 'body', false)
  app.route({
    method: operation.method,
    url: urlOf(operation),
    async handler(request, reply) {
      const { caller } = request
      if (!caller || !hasScope(caller.scope, operation.scope)) return sendProblem(reply, forbidden(operation, caller))
      const { body } = request
      // The schemas checked it just now: this is the edge where what came is parsed.
      const given = { params: checkParams(request.params), query: checkQuery(request.query), body: checkBody(body) } as Given<O>
      reply.code(operation.status ?? 200)
      return handler({ ...given, caller, text: typeof body === 'string' ? body : '', request, reply })
    },
  })
}

function forbidden({ scope }: Operation, caller: Caller | null) {
  const detail = `this needs the scope ${scope}, and the token ${caller?.token ?? ''} has ${caller?.scope ?? 'none'}: use another token`
  return problem('FORBIDDEN', detail)
}

/** Returns the value with defaults filled in; throws BadRequest. Numbers and booleans of a path or query come as text. */
function checker(schema: TSchema | undefined, place: 'path' | 'query' | 'body', isText: boolean): (value: unknown) => unknown {
  if (!schema) return () => undefined
  const compiled = Compile(schema)
  const words = isText ? textParsers(schema as TObject) : undefined
  return (value) => {
    const parsed = words ? parseWords(words, value) : value
    const filled = Value.Default(schema, parsed ?? (isText ? {} : undefined))
    if (compiled.Check(filled)) return filled
    throw new BadRequest(requestFault(schema, filled, place))
  }
}

type Parser = (text: string) => unknown

function textParsers(schema: TObject): ReadonlyMap<string, Parser> {
  const parsers = new Map<string, Parser>()
  for (const [name, property] of Object.entries(schema.properties)) {
    const type = 'type' in property ? property.type : undefined
    if (type === 'integer') parsers.set(name, (text) => (/^-?\d{1,16}$/.test(text) ? Number(text) : text))
    if (type === 'boolean') parsers.set(name, (text) => (text === 'true' ? true : text === 'false' ? false : text))
  }
  return parsers
}

function parseWords(parsers: ReadonlyMap<string, Parser>, value: unknown): unknown {
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([name, text]) => {
      const parse = parsers.get(name)
      return [name, parse && typeof text === 'string' ? parse(text) : text]
    }),
  )
}
