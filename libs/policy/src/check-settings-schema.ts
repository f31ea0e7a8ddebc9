/** What the policy says about one check: its mode, and what its findings stand for. */
import Type, { type Static } from 'typebox'
import { choice, strict } from './schema-words.ts'

const bucketSchema = choice(['application', 'sender', 'sender-domain', 'recipient-domain'], 'who has a bucket of its own')

export const limitSchema = Type.Object(
  {
    per: Type.Union([bucketSchema, Type.Array(bucketSchema, { minItems: 1 })], {
      description:
        'who has a bucket of its own: application, sender, sender-domain, recipient-domain, or a list of these for each combination',
    }),
    count: choice(['messages', 'recipients', 'bytes'], 'what is counted'),
    rate: Type.String({
      pattern: '^[1-9][0-9]{0,14}/(s|m|h|d)$',
      examples: ['1000/h'],
      description: 'how much per second, minute, hour or day (s, m, h, d), e.g. 1000/h',
    }),
    burst: Type.Integer({ minimum: 1, description: 'how much at once; a message that costs more is rejected' }),
  },
  strict,
)
export type Limit = Static<typeof limitSchema>

export const checkSettingsSchema = Type.Object(
  {
    mode: choice(['off', 'monitor', 'enforce'], '`monitor` annotates and counts and changes nothing, `enforce` decides'),
    whenUnavailable: Type.Optional(
      choice(['relay', 'defer', 'hold', 'reject'], 'what an enforced check that could not judge stands for', { default: 'defer' }),
    ),
    onFail: Type.Optional(choice(['reject', 'hold'], 'what a finding stands for', { default: 'reject' })),
    holdAt: Type.Optional(Type.Number({ description: 'scoring checks: hold from this score on' })),
    rejectAt: Type.Optional(Type.Number({ description: 'scoring checks: reject from this score on' })),
    limits: Type.Optional(Type.Array(limitSchema, { description: 'throttle: a message must conform to all of them' })),
    plusAddressing: Type.Optional(Type.Boolean({ description: 'address: user+tag@ counts as user@', default: true })),
    localPartCase: Type.Optional(
      choice(['ignore', 'keep'], 'address: `ignore` takes User@ and user@ for the same address', { default: 'ignore' }),
    ),
  },
  strict,
)
export type CheckSettings = Static<typeof checkSettingsSchema>

/** Settings by the name of the check. */
export const checksSchema = (description: string) =>
  Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }), checkSettingsSchema, { ...strict, description })
