/** What an operation of the API is: its place, who may ask it, what it takes and what it answers. */
import type { Static, TObject, TSchema } from 'typebox'

/**
 * What the holder of a token may do; each includes those before it.
 *
 * viewer    sees everything but the content of messages
 * operator  also releases, drops, retries, cancels, pauses, and reads the content of messages
 * admin     also changes the policy, restores, and ends what an operator may not
 */
export const scopes = ['viewer', 'operator', 'admin'] as const
export type Scope = (typeof scopes)[number]

export const hasScope = (held: Scope, needed: Scope): boolean => scopes.indexOf(held) >= scopes.indexOf(needed)

export interface Operation {
  readonly method: 'GET' | 'PUT' | 'POST'
  /** With `{names}` of parameters, as in OpenAPI. */
  readonly path: string
  /** The weakest scope that may ask. */
  readonly scope: Scope
  /** One line: what it does. */
  readonly summary: string
  readonly params?: TObject
  readonly query?: TObject
  /** Of a JSON request. */
  readonly body?: TSchema
  /** Of a request that is no JSON: its media type. */
  readonly consumes?: string
  /** `If-Match` with the ETag of `GET /api/policy` has to be sent. */
  readonly ifMatch?: true
  /** Of a JSON answer. */
  readonly response?: TSchema
  /** Of an answer that is no JSON: its media type. */
  readonly produces?: string
  /** Of the answer. Default 200; 202 where something acts upon it later. */
  readonly status?: 200 | 202
  /** Statuses of problems beside 400, 401, 403 and 503. */
  readonly problems?: readonly number[]
}

type Part<O extends Operation, K extends 'params' | 'query' | 'body' | 'response'> = O[K] extends TSchema ? Static<O[K]> : undefined

/** What an operation is given, by its schemas. */
export interface Given<O extends Operation> {
  readonly params: Part<O, 'params'>
  readonly query: Part<O, 'query'>
  readonly body: Part<O, 'body'>
}
export type Answered<O extends Operation> = Part<O, 'response'>
