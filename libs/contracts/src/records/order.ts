/** `mail.orders` (table, by order id): standing orders to every delivery process. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { recordVersion } from './message.ts'

export const orderSchema = Type.Object({
  v: recordVersion,
  kind: Type.Union(
    [Type.Literal('pause'), Type.Literal('cancel'), Type.Literal('re-route'), Type.Literal('suspend'), Type.Literal('retry')],
    { description: 'retry: what waits for a further attempt since before the order is tried at once' },
  ),
  orderId: Type.String(),
  match: Type.Object({
    destination: Type.Optional(Type.String()),
    application: Type.Optional(Type.String()),
    message: Type.Optional(Type.String()),
    acceptedUntil: Type.Optional(
      Type.Integer({ description: 'only what was accepted at this time or before, ms since the epoch' }),
    ),
  }),
  toRoute: Type.Optional(Type.String({ description: 're-route only' })),
  by: Type.String(),
  reason: Type.String(),
  at: Type.Integer(),
  expiresAt: Type.Integer(),
})
export type Order = Static<typeof orderSchema>
export const orderCodec = codec(orderSchema)
