/** What rspamd found, from the JSON of `/checkv2`. */
import type { Reason } from '@sallyport/contracts'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { EngineUnavailable } from './engine-unavailable.ts'
import { maxEngineReasons, symbolReason } from './symbol-reason.ts'

const answerSchema = Type.Object({
  score: Type.Number(),
  required_score: Type.Optional(Type.Number()),
  action: Type.String(),
  is_skipped: Type.Optional(Type.Boolean()),
  symbols: Type.Record(
    Type.String(),
    Type.Object({
      score: Type.Number(),
      description: Type.Optional(Type.String()),
      options: Type.Optional(Type.Array(Type.String())),
    }),
  ),
  messages: Type.Optional(Type.Record(Type.String(), Type.String())),
})
type RspamdAnswer = Static<typeof answerSchema>

export interface Scored {
  readonly score: number
  readonly reasons: readonly Reason[]
}

/** Fails with ENGINE_UNAVAILABLE where it is not what rspamd promises. */
export function readRspamdAnswer(engine: string, bytes: Buffer): Scored {
  const answer = parse(engine, bytes)
  const { score, required_score: rejectScore = score, action } = answer
  // What forces a rejection may leave the score as it is.
  const counted = action === 'reject' ? Math.max(score, rejectScore) : score
  const forced = forcedReason(engine, answer, counted)
  const found = Object.entries(answer.symbols)
    .filter(([, symbol]) => symbol.score !== 0)
    .sort(([, left], [, right]) => right.score - left.score)
    .map(([symbol, { score: points, description, options }]) =>
      symbolReason({ kind: 'rspamd', engine, symbol, points, description, options }),
    )
  return { score: counted, reasons: [...(forced ? [forced] : []), ...found].slice(0, maxEngineReasons) }
}

function parse(engine: string, bytes: Buffer): RspamdAnswer {
  try {
    const answer: unknown = JSON.parse(bytes.toString('utf8'))
    if (Value.Check(answerSchema, answer) && Number.isFinite(answer.score)) return answer
  } catch {
    // said below
  }
  const said = bytes.subarray(0, 100).toString('latin1').replace(/\s+/g, ' ')
  throw new EngineUnavailable('failed', `${engine} gave an answer that is none of rspamd's: ${said}`)
}

/** A result that was decided before the rules, or in spite of them: its symbols have no points that would explain it. */
function forcedReason(engine: string, answer: RspamdAnswer, counted: number): Reason | undefined {
  const { is_skipped: isSkipped = false, score, messages, symbols } = answer
  if (!isSkipped && counted === score) return undefined
  const [symbol = 'RESULT'] = Object.keys(symbols)
  const description = messages?.smtp_message ?? `decided without the rules: ${answer.action}`
  return symbolReason({ kind: 'rspamd', engine, symbol, points: counted, description, options: undefined })
}
