/** What the policy would say to a client, before it sends anything. */
import Type, { type Static } from 'typebox'
import { modeSchema } from '../records/verdict.ts'
import type { Operation } from './operation.ts'
import { orNull, strict } from './words.ts'

export const explanationSchema = Type.Object({
  policyRevision: Type.Integer(),
  application: orNull(Type.String({ description: 'null: nobody knows it, and it is answered 550 5.7.1' })),
  owner: orNull(Type.String()),
  recognizedBy: orNull(
    Type.Enum(['auth', 'certificate', 'network', 'unregistered'] as const, {
      description: 'AUTH before certificate before the longest network',
    }),
  ),
  route: orNull(Type.String()),
  checks: Type.Array(
    Type.Object({
      check: Type.String(),
      mode: modeSchema,
      outcome: Type.Enum(['pass', 'fail', 'unknown'] as const, {
        description: 'of domain and address for the sender; unknown: it depends on a directory, or on the message',
      }),
      text: Type.String({ description: 'why' }),
    }),
  ),
})
export type PolicyExplanation = Static<typeof explanationSchema>

export const explainOperations = {
  explain: {
    method: 'GET',
    path: '/api/explain',
    scope: 'viewer',
    summary: 'Which application a client is, which checks it gets, and whether it may send as an address',
    query: Type.Object(
      {
        ip: Type.String({ minLength: 2, maxLength: 45, description: 'address of the client' }),
        auth: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'SMTP AUTH user' })),
        certificate: Type.Optional(
          Type.String({ minLength: 1, maxLength: 255, description: 'SHA-256 fingerprint or DNS name of a client certificate' }),
        ),
        sender: Type.Optional(Type.String({ maxLength: 320, description: 'envelope sender; empty for the null sender' })),
      },
      strict,
    ),
    response: explanationSchema,
    problems: [404],
  },
} as const satisfies Record<string, Operation>
