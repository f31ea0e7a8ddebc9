/** What `GET /api/limits` answers: the limits of an application, and how full their buckets are. */
import Type, { type Static } from 'typebox'
import { modeSchema } from '../records/verdict.ts'
import type { Operation } from './operation.ts'

export const limitsSchema = Type.Object({
  application: Type.String(),
  policyRevision: Type.Integer(),
  mode: Type.Union(modeSchema.anyOf, { description: 'of the check throttle for this application' }),
  limits: Type.Array(
    Type.Object({
      per: Type.Array(Type.String(), { description: 'application, sender, sender-domain, recipient-domain: whose bucket' }),
      count: Type.String({ description: 'messages, recipients or bytes' }),
      rate: Type.String({ description: 'as the policy writes it: 1000/h' }),
      burst: Type.Integer(),
    }),
    { description: 'those of the policy; none where it has none' },
  ),
  buckets: Type.Array(
    Type.Object({
      limit: Type.Integer({ description: 'which of `limits`, from 0 on' }),
      mode: Type.Union([Type.Literal('enforce'), Type.Literal('monitor')], {
        description: 'monitor: a shadow bucket, which only watches',
      }),
      owner: Type.Record(Type.String(), Type.String(), {
        description: 'whose bucket: each of `per` with its value; empty where they are too long to be kept',
      }),
      burst: Type.Integer(),
      remaining: Type.Integer({ description: 'units that may go at once now' }),
      fullInMs: Type.Number({ description: 'until it is full again; 0 where it is' }),
    }),
    { description: 'those that are not full, by name; before them those of the application as a whole that are' },
  ),
  next: Type.Union([Type.String(), Type.Null()], { description: 'the cursor of the next page' }),
})
export type LimitsResponse = Static<typeof limitsSchema>

const query = Type.Object(
  {
    application: Type.String({ minLength: 1, description: 'whose limits' }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'buckets at most' })),
    cursor: Type.Optional(Type.String({ maxLength: 500, description: '`next` of the page before' })),
  },
  { additionalProperties: false },
)

export const limitOperations = {
  getLimits: {
    method: 'GET',
    path: '/api/limits',
    scope: 'viewer',
    summary: 'The limits of an application, and how full their buckets are',
    query,
    response: limitsSchema,
    problems: [404],
  },
} as const satisfies Record<string, Operation>
