/** Who asks, and what this console is. */
import Type, { type Static } from 'typebox'
import { type Operation, scopes } from './operation.ts'
import { orNull } from './words.ts'

export const sessionSchema = Type.Object({
  name: Type.String({ description: 'of the token' }),
  scope: Type.Enum(scopes),
  organization: orNull(Type.String({ description: 'by the policy; null where there is none yet' })),
  policySource: Type.Union([Type.Literal('api'), Type.Literal('file')], {
    description: 'file: the policy cannot be changed over the API',
  }),
  publicUrl: orNull(Type.String({ description: 'console.publicUrl: where explanations of refusals are found' })),
})
export type Session = Static<typeof sessionSchema>

export const sessionOperations = {
  getSession: {
    method: 'GET',
    path: '/api/session',
    scope: 'viewer',
    summary: 'Who am I, and what may I do?',
    response: sessionSchema,
  },
  getOpenApi: {
    method: 'GET',
    path: '/api/openapi.json',
    scope: 'viewer',
    summary: 'This document',
    response: Type.Object({ openapi: Type.String(), paths: Type.Record(Type.String(), Type.Unknown()) }),
  },
  getAsyncApi: {
    method: 'GET',
    path: '/api/asyncapi.json',
    scope: 'viewer',
    summary: 'What the records on the topics are, for whoever writes a checker in another language',
    response: Type.Object({ asyncapi: Type.String(), channels: Type.Record(Type.String(), Type.Unknown()) }),
  },
} as const satisfies Record<string, Operation>
