/** What the API answers where it cannot do what was asked (RFC 9457). */
import Type, { type Static } from 'typebox'

export const faultSchema = Type.Object({
  path: Type.String({ description: 'JSON Pointer into the policy' }),
  line: Type.Optional(Type.Integer()),
  message: Type.String(),
  hint: Type.String(),
})
export type PolicyFault = Static<typeof faultSchema>

/** With the faults and warnings of a policy where there are any. */
export const problemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'what happened, and what to do' }),
  code: Type.String({ description: 'stable and greppable' }),
  faults: Type.Optional(Type.Array(faultSchema)),
  warnings: Type.Optional(Type.Array(faultSchema)),
  currentRevision: Type.Optional(Type.Integer()),
})
export type Problem = Static<typeof problemSchema>
