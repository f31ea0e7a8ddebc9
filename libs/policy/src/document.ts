/** The policy document: what an organization declares. Its JSON Schema is published, its types are derived from it. */
import Type, { type Static } from 'typebox'
import { applicationSchema } from './application-schema.ts'
import { checksSchema } from './check-settings-schema.ts'
import { routeSchema } from './route-schema.ts'
import { choice, durationSchema, namePattern, strict } from './schema-words.ts'

export { type Application, applicationSchema, sendersSchema } from './application-schema.ts'
export { type CheckSettings, checkSettingsSchema, type Limit, limitSchema } from './check-settings-schema.ts'
export { type Route, routeSchema } from './route-schema.ts'

/** A document is at most this long, in UTF-8. */
export const maxDocumentBytes = 512 * 1024

/** Defaults of `hold` and `bounces`. */
export const documentDefaults = { holdKeep: '14d', holdOnExpiry: 'drop', bouncesPerHour: 20 } as const

const organizationSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'the name in replies and reports' }),
    contact: Type.Optional(
      Type.String({ minLength: 3, maxLength: 320, description: 'address of the mail team: whom to ask about a refused message' }),
    ),
    domains: Type.Array(Type.String(), {
      minItems: 1,
      description: 'sender domains that every application may use: `example.com`, or `*.example.com` for every subdomain',
    }),
    networks: Type.Optional(Type.Array(Type.String(), { description: 'our own networks: `unregistered` is taken from no other' })),
  },
  { ...strict, description: 'who we are' },
)

const directorySchema = Type.Object(
  {
    file: Type.String({ minLength: 1, description: '.txt (an address a line) or .csv, read again when it changes' }),
    column: Type.Optional(Type.String({ minLength: 1, description: '.csv: the column with the address; default the first' })),
  },
  strict,
)

export const policyDocumentSchema = Type.Object(
  {
    organization: organizationSchema,
    unregistered: Type.Optional(
      Type.Object(
        { mode: choice(['off', 'monitor'], '`monitor` takes it and only counts', { default: 'off' }) },
        {
          ...strict,
          description:
            'mail of systems that no application names: only from the networks and with the sender domains of the organization',
        },
      ),
    ),
    directories: Type.Optional(
      Type.Record(Type.String({ pattern: namePattern }), directorySchema, {
        ...strict,
        description: 'lists of authorized sender addresses, by name',
      }),
    ),
    defaults: Type.Optional(
      Type.Object(
        {
          checks: Type.Optional(
            checksSchema(
              'settings by check, for every application; `domain` and `address` are `monitor` and others `off` unless said',
            ),
          ),
          plusAddressing: Type.Optional(Type.Boolean({ description: 'user+tag@ counts as user@', default: true })),
        },
        { ...strict, description: 'what holds where an application says nothing' },
      ),
    ),
    hold: Type.Optional(
      Type.Object(
        {
          keep: Type.Optional(durationSchema('how long held mail is kept (m, h, d)', documentDefaults.holdKeep)),
          onExpiry: Type.Optional(
            choice(['release', 'drop', 'bounce'], 'what happens to held mail then', { default: documentDefaults.holdOnExpiry }),
          ),
        },
        { ...strict, description: 'the quarantine' },
      ),
    ),
    bounces: Type.Optional(
      Type.Object(
        {
          from: Type.Optional(
            Type.String({ description: 'header From of delivery status notifications; default MAILER-DAEMON@ the first domain' }),
          ),
          perHour: Type.Optional(
            Type.Integer({
              minimum: 1,
              description: 'at most, per address and application',
              default: documentDefaults.bouncesPerHour,
            }),
          ),
        },
        { ...strict, description: 'delivery status notifications (RFC 3464)' },
      ),
    ),
    applications: Type.Array(applicationSchema, { description: 'the registered sending systems' }),
    routes: Type.Object(
      { default: routeSchema },
      {
        additionalProperties: routeSchema,
        propertyNames: { pattern: namePattern },
        description: 'where mail goes, by name; `default` is what applications use that name none',
      },
    ),
  },
  strict,
)
export type PolicyDocument = Static<typeof policyDocumentSchema>
