/** The settings of tracing: one schema gives type, defaults, check and reference page. */
import Type, { type Static } from 'typebox'

export const tracingSettingsSchema = Type.Object(
  {
    endpoint: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s/?#]+[^\\s?#]*$',
        description:
          'where spans go, by OTLP over HTTP: http://127.0.0.1:4318 for a collector or Jaeger; without it nothing is traced',
      }),
    ),
    ratio: Type.Number({
      default: 0.1,
      minimum: 0,
      maximum: 1,
      description: 'the share of messages that are traced; refused, held, slow and failed ones always are',
    }),
    slowMs: Type.Integer({ default: 2_000, minimum: 1, description: 'a reply that took longer counts as slow, ms' }),
    addresses: Type.Union([Type.Literal('hashed'), Type.Literal('clear')], {
      default: 'hashed',
      description: 'how spans tell sender addresses: hashed, under a key of the day, or clear',
    }),
    maxHeldSpans: Type.Integer({
      default: 50_000,
      minimum: 0,
      description: 'spans of messages that are not traced yet, in memory; about half a KiB each',
    }),
  },
  { additionalProperties: false, default: {} },
)
export type TracingSettings = Static<typeof tracingSettingsSchema>
