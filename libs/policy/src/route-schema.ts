/** Where mail goes: to smarthosts, or into files for a first try. */
import Type, { type Static } from 'typebox'
import { choice, secretSchema, strict } from './schema-words.ts'

const smarthostRouteSchema = Type.Object(
  {
    smarthost: Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })], {
      description: '`host:port`, IPv6 as `[2001:db8::1]:25`; of a list the next is used when one fails',
    }),
    tls: Type.Optional(
      choice(
        ['opportunistic', 'required', 'implicit', 'off'],
        'STARTTLS where offered, always, TLS from the first octet, or never',
        {
          default: 'opportunistic',
        },
      ),
    ),
    user: Type.Optional(Type.String({ minLength: 1, description: 'SMTP AUTH user name' })),
    secret: Type.Optional(secretSchema('name of the secret with the password of `user`')),
    connections: Type.Optional(Type.Integer({ minimum: 1, description: 'at once, per destination', default: 20 })),
    pipelining: Type.Optional(
      Type.Boolean({
        description:
          'use PIPELINING where it is offered; `false` for a next hop that offers it and answers out of order (RFC 2920)',
        default: true,
      }),
    ),
  },
  strict,
)

const captureRouteSchema = Type.Object(
  {
    capture: Type.Union([Type.Boolean(), Type.String()], {
      description: 'send nothing: write .eml files, with `true` into `captured`, else into this folder, both below the data folder',
    }),
  },
  strict,
)

export const routeSchema = Type.Union([smarthostRouteSchema, captureRouteSchema], {
  description: '`{ smarthost: "mx.example.com:25" }`, or `{ capture: true }` for a first try',
})
export type Route = Static<typeof routeSchema>
