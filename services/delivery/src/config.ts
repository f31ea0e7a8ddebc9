/** The delivery role's settings: type, defaults and check. */
import Type, { type Static } from 'typebox'

const strict = { additionalProperties: false } as const
const ms = (defaultMs: number, description: string) =>
  Type.Integer({ default: defaultMs, minimum: 1, description: `${description}, ms` })

const minute = 60_000
const hour = 60 * minute

/** The waits of RFC 5321 §4.5.3.2 are minutes, made for hosts without another way: a hop that is that slow is left earlier here. */
const stageLimitsSchema = Type.Object(
  {
    connectMs: ms(30_000, 'to connect, all addresses of the host together'),
    greetingMs: ms(minute, 'for the greeting, and for each of EHLO, STARTTLS and AUTH'),
    commandMs: ms(2 * minute, 'for the replies to MAIL, RCPT and DATA'),
    blockMs: ms(3 * minute, 'for a block of content to go out'),
    finalMs: ms(10 * minute, 'for the reply to the end of the content; shorter means duplicates'),
  },
  { ...strict, default: {} },
)

const tierSchema = Type.Union([Type.Literal('1m'), Type.Literal('5m'), Type.Literal('15m'), Type.Literal('1h'), Type.Literal('4h')])

export const deliverySettingsSchema = Type.Object(
  {
    hostname: Type.String({ description: 'the name in EHLO, and the reporting MTA of DSNs' }),
    data: Type.String({ description: 'the data folder: captured messages go below it' }),
    connections: Type.Integer({ default: 20, minimum: 1, description: 'at once per destination, where its route says nothing' }),
    idleConnectionMs: ms(30_000, 'a kept connection without work is closed after this'),
    connectionAgeMs: ms(5 * minute, 'a connection is used no longer than this'),
    avoidHopMs: ms(
      30_000,
      'a next hop that cannot be connected to, or goes in three transactions in a row, is left alone this long; doubled with each failure, up to 8 times',
    ),
    limits: stageLimitsSchema,
    tlsCa: Type.Optional(Type.String({ description: 'PEM file of the authorities that next hops are verified against' })),
    retryTiers: Type.Array(tierSchema, {
      default: ['1m', '5m', '15m', '1h', '4h'],
      minItems: 1,
      description: 'the wait after each failed attempt; the last repeats',
    }),
    tierMs: Type.Object(
      {
        '1m': ms(minute, 'the wait of this tier'),
        '5m': ms(5 * minute, 'the wait of this tier'),
        '15m': ms(15 * minute, 'the wait of this tier'),
        '1h': ms(hour, 'the wait of this tier'),
        '4h': ms(4 * hour, 'the wait of this tier'),
      },
      { ...strict, default: {} },
    ),
    claimMs: ms(minute, 'how long a claim on recipients stands; renewed at a third of it'),
    verdictWaitMs: ms(
      5_000,
      'how long a notification of mail that was accepted before its verdict waits for what that says of its sender',
    ),
    delayNoticeMs: ms(4 * hour, 'a sender is told once that a message is late after this'),
    overflowMs: ms(10_000, 'a destination whose jobs wait longer than this in the window makes room for others'),
    window: Type.Integer({ default: 64, minimum: 1, description: 'jobs in memory per partition and class' }),
    deferredWindow: Type.Integer({ default: 32, minimum: 1, description: 'waiting jobs in memory per partition and tier' }),
    splitConcurrency: Type.Integer({ default: 256, minimum: 1, description: 'messages split at once' }),
    tickMs: ms(250, 'how often due times are looked at'),
    sweepMs: ms(minute, 'how often expired holds are looked for'),
    cleanMs: ms(hour, 'how often old content and old ledger entries are deleted'),
    contentGraceMs: Type.Integer({
      default: 25_000,
      minimum: 0,
      description:
        'stored content is kept at least this long from acceptance on: checks that only watch may read it after it was sent, ms',
    }),
    drainMs: ms(25_000, 'how long a stop waits for transactions'),
  },
  strict,
)
export type DeliverySettings = Static<typeof deliverySettingsSchema>
