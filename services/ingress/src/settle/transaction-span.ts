/** The root of a message's trace: its mail transaction, from DATA to the reply. */
import type { RolePorts } from '@sallyport/runtime'
import { keepTrace, type Span, SpanKind, startRootSpan, traceparentOf } from '@sallyport/tracing'
import { newTraceparent } from '../trace.ts'
import type { Transaction } from '../transaction.ts'
import type { Outcome } from './desk.ts'

export interface TransactionSpan {
  readonly span: Span
  /** What the message's records carry, also where nothing is traced. */
  readonly traceparent: string
}

/** `parent`: the traceparent that a trusted application named. `startedAt`: wall clock, ms since the epoch. */
export function transactionSpan(startedAt: number, parent: string | undefined): TransactionSpan {
  const span = startRootSpan('smtp transaction', { kind: SpanKind.SERVER, startedAt, parent })
  return { span, traceparent: traceparentOf(span) ?? newTraceparent(parent) }
}

export interface EndedTransaction {
  readonly id: string
  readonly transaction: Transaction
  readonly outcome: Outcome
  readonly contentBytes: number
  readonly tookMs: number
}

/** Tells what became of it, and keeps the trace of what somebody will look at. Neither an address in clear nor a subject is told. */
export function endTransactionSpan(
  { span }: TransactionSpan,
  { id, transaction, outcome, contentBytes, tookMs }: EndedTransaction,
  tracing: RolePorts['tracing'],
): void {
  if (!span.isRecording()) return
  const { sender } = transaction
  span.setAttributes({
    'mail.message.id': id,
    'mail.application': transaction.application.name,
    'mail.recipients': transaction.recipients.length,
    'mail.content.size': contentBytes,
    'mail.policy.revision': transaction.policyRevision,
    'mail.outcome': outcome.outcome,
    'mail.accepted': outcome.accepted,
    'mail.reply.code': outcome.reply.code,
    'network.protocol.name': 'smtp',
  })
  span.setAttributes(() => ({ 'mail.sender': tracing?.addressWord(sender) ?? '' }))
  if (outcome.outcome !== 'relay') keepTrace(span, outcome.outcome)
  else if (tracing && tookMs >= tracing.slowMs) keepTrace(span, 'slow')
  span.end()
}
