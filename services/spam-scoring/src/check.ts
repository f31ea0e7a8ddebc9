/** The spam check: the built-in scorer's points and those of the engines that are configured, as one score with its reasons. */
import { type CheckContext, type CheckerDefinition, type CheckInput, type CheckResult, defineChecker } from '@sallyport/checker'
import type { Readiness } from '@sallyport/runtime'
import { contentBeginning } from './content-beginning.ts'
import { places } from './engines/concurrency.ts'
import { EngineUnavailable } from './engines/engine-unavailable.ts'
import type { Engines, EnginesAnswer } from './engines/engines.ts'
import type { EngineMessage } from './engines/port.ts'
import type { Scorer } from './pool/scoring-pool.ts'
import type { ContentScore } from './score-content.ts'
import { verdictOn } from './verdict-on.ts'

export interface SpamCheckOptions {
  readonly scorer: Scorer
  /** Undefined where none is configured. */
  readonly engines: Engines | undefined
  /** A longer message is scored on so many bytes and on the structure of the rest. */
  readonly scoreBytes: number
  readonly readiness?: () => Readiness
  readonly stop?: () => Promise<void>
}

/** Contents that are read from the store, and held until they are scored: they are the larger ones. */
const readAtOnce = 16

export function spamChecker({ scorer, engines, scoreBytes, readiness, stop }: SpamCheckOptions): CheckerDefinition {
  const reading = places('the content', { concurrency: readAtOnce, waiting: Number.POSITIVE_INFINITY })

  function scored(input: CheckInput, context: CheckContext): Promise<ContentScore> {
    const { inlineContent, content } = input
    if (inlineContent && content.contentBytes <= scoreBytes) return scoreOf(inlineContent, input, context)
    return reading.run(async () => scoreOf(await contentBeginning(input.readContent(), scoreBytes), input, context), context.signal)
  }

  function scoreOf(content: Uint8Array, input: CheckInput, context: CheckContext): Promise<ContentScore> {
    const { message } = input
    return scorer.score(
      {
        content,
        contentBytes: input.content.contentBytes,
        sender: message.sender,
        recipients: message.recipients.map(({ address }) => address),
        isBulk: context.application.class === 'bulk',
        isSmtpUtf8: message.smtpUtf8 ?? false,
        receivedAt: message.receivedAt,
      },
      () => !context.signal.aborted,
      message.application,
    )
  }

  return defineChecker({
    name: 'spam',
    role: 'spam-scoring',
    async check(input, context): Promise<CheckResult> {
      const { contentBytes } = input.content
      const asked = engines?.ask(engineMessage(input), context.signal)
      // What it fails with is looked at when the score is there.
      asked?.catch(() => undefined)
      const own = await scored(input, context).catch(unscored)
      const others: EnginesAnswer | undefined = await asked
      return verdictOn({ own, others, scoreBytes, contentBytes, settings: context.settings })
    },
    ...(readiness && { readiness }),
    ...(stop && { stop }),
  })
}

/** A scorer that is not there, as what was found; other failures are thrown on, and the harness writes them down. */
function unscored(error: unknown): EngineUnavailable {
  if (error instanceof EngineUnavailable) return error
  throw error
}

function engineMessage(input: CheckInput): EngineMessage {
  const { id, application, sender, recipients, client } = input.message
  return {
    id,
    application,
    sender,
    recipients: recipients.map(({ address }) => address),
    clientAddress: client.address,
    helo: client.helo,
    contentBytes: input.content.contentBytes,
    content: () => input.readContent(),
  }
}
