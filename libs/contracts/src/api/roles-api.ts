/** Who runs what, and how far it is behind. */
import Type, { type Static } from 'typebox'

export const lagSchema = Type.Object({
  lag: Type.Array(
    Type.Object({
      group: Type.String(),
      topic: Type.String(),
      records: Type.Integer(),
      oldestAgeMs: Type.Number(),
      partitions: Type.Array(Type.Object({ partition: Type.Integer(), records: Type.Integer(), oldestAgeMs: Type.Number() }), {
        description: 'those that are behind',
      }),
    }),
  ),
})
export type LagResponse = Static<typeof lagSchema>

export const rolesSchema = Type.Object({
  roles: Type.Array(
    Type.Object({
      role: Type.String(),
      processes: Type.Integer({ description: 'that run it now' }),
      instances: Type.Array(Type.String()),
      lastSeenAt: Type.Union([Type.Integer(), Type.Null()], { description: 'when a process last said that it runs it' }),
      records: Type.Integer({ description: 'that wait for its groups' }),
      oldestAgeMs: Type.Number(),
    }),
  ),
  missing: Type.Array(
    Type.Object({
      role: Type.String(),
      why: Type.String({ description: 'who needs it, and what becomes of their mail' }),
      applications: Type.Array(Type.String(), { description: 'those that enforce its check' }),
    }),
    { description: 'what the policy needs and nobody runs' },
  ),
})
export type RolesResponse = Static<typeof rolesSchema>
