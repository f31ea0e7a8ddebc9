/** Every record as the published contract names it: its schema, its key, what stands beside it, and who can make it. */
import type { TSchema } from 'typebox'
import { annotationSchema, openedSchema, undecidedSchema, verdictRecordSchema } from '../records/annotation.ts'
import { auditRecordSchema } from '../records/audit.ts'
import { deadSchema } from '../records/dead.ts'
import { decidedSchema } from '../records/decided.ts'
import {
  annotatedEventSchema,
  attemptedEventSchema,
  bouncedEventSchema,
  heldEventSchema,
  judgedEventSchema,
  settledEventSchema,
} from '../records/event.ts'
import { commandSchema, heldSchema } from '../records/held.ts'
import { jobSchema } from '../records/job.ts'
import { keptTraceSchema } from '../records/kept-trace.ts'
import { logLevelSchema } from '../records/log-level.ts'
import { orderSchema } from '../records/order.ts'
import { ownerFailureSchema, ownerRefusalSchema, ownerToldSchema } from '../records/owner-row.ts'
import { directoryPointerSchema, policyRecordSchema } from '../records/policy.ts'
import { processSchema } from '../records/process.ts'
import { receivedSchema } from '../records/received.ts'
import { replySchema } from '../records/verdict.ts'

export interface DescribedRecord {
  readonly schema: TSchema
  readonly summary: string
  readonly key: string
  /** What the bytes beside the metadata are; absent where there are none. */
  readonly content?: string
  /** True: `hmac` is that of the gateway's key, which only its own roles have. */
  readonly isSigned?: boolean
  /** Whether the header `traceparent` is set. */
  readonly isTraced?: boolean
}

const byMessage = 'id of the message'
const message =
  'where content.kind is inline: the whole message; where it is stored: its header block up to and including the empty line'
const event = { key: byMessage, isTraced: true }

export const describedRecords = {
  received: {
    schema: receivedSchema,
    summary: 'Asks every check that `checks` names about one message.',
    key: byMessage,
    content: message,
    isTraced: true,
  },
  annotation: {
    schema: annotationSchema,
    summary:
      'What one check found. Publish it to the topic and partition that `annotateTo` of the message names, before the offset of `received` is committed. The first one per message and check that is not `unavailable` counts, so a repeat does no harm. At most 32 KiB.',
    key: byMessage,
    isTraced: true,
  },
  opened: {
    schema: openedSchema,
    summary: 'Ingress opens the join of a message and says where it waits for the verdict.',
    key: byMessage,
    isSigned: true,
    isTraced: true,
  },
  undecided: {
    schema: undecidedSchema,
    summary: 'A message that was accepted without a verdict.',
    key: byMessage,
    content: 'the header block of the message',
    isSigned: true,
    isTraced: true,
  },
  verdict: {
    schema: verdictRecordSchema,
    summary: 'The decision on an accepted message: the first in offset order.',
    key: byMessage,
    isSigned: true,
    isTraced: true,
  },
  reply: {
    schema: replySchema,
    summary: 'The verdict, to the one ingress process that waits for it; at most once.',
    key: byMessage,
    isSigned: true,
  },
  decided: {
    schema: decidedSchema,
    summary: 'The message is accepted, and this becomes of it. The first per message counts.',
    key: byMessage,
    content: message,
    isTraced: true,
  },
  job: {
    schema: jobSchema,
    summary: 'One attempt for one destination.',
    key: byMessage,
    content: message,
    isTraced: true,
  },
  held: {
    schema: heldSchema,
    summary: 'A message in quarantine; a null value: it is no longer there.',
    key: byMessage,
    content: 'the header block of the message',
    isTraced: true,
  },
  command: { schema: commandSchema, summary: 'A person ends the hold of a message.', key: byMessage },
  order: { schema: orderSchema, summary: 'A standing order to every delivery process.', key: 'orderId' },
  eventSettled: { schema: settledEventSchema, summary: 'Ingress answered the end of DATA.', ...event },
  eventJudged: { schema: judgedEventSchema, summary: 'All annotations of a message, and the verdict from them.', ...event },
  eventAnnotated: { schema: annotatedEventSchema, summary: 'An annotation came after the verdict.', ...event },
  eventAttempted: { schema: attemptedEventSchema, summary: 'One attempt, and how each recipient of it ended.', ...event },
  eventHeld: { schema: heldEventSchema, summary: 'A hold began, or was ended.', ...event },
  eventBounced: { schema: bouncedEventSchema, summary: 'A notification of failure was made, or not.', ...event },
  policy: {
    schema: policyRecordSchema,
    summary: 'One revision of the policy.',
    key: 'document/<revision mod 16>',
    content: 'where packed is deflate-raw: the document as JSON, compressed (RFC 1951)',
  },
  directory: { schema: directoryPointerSchema, summary: 'Where the snapshot of a directory is.', key: 'directory/<name>' },
  logLevel: { schema: logLevelSchema, summary: 'How much is logged for a while; a null value: as configured.', key: 'log-level' },
  keptTrace: { schema: keptTraceSchema, summary: 'A trace that is kept; a null value: everybody knows.', key: 'trace id' },
  process: { schema: processSchema, summary: 'Which roles a process runs; a null value: it stopped.', key: 'instance' },
  audit: { schema: auditRecordSchema, summary: 'A change, who made it, and what stood before and after.', key: 'id of the entry' },
  ownerFailure: {
    schema: ownerFailureSchema,
    summary: 'Mail that failed and whose sender may not be told: its owner is, with the next digest.',
    key: 'failure/<id of the message>/<attempt>/<recipient>',
  },
  ownerRefusal: {
    schema: ownerRefusalSchema,
    summary: 'The first refusal of an application after a quiet day: its owner is told at once.',
    key: 'refusal/<application>',
  },
  ownerTold: {
    schema: ownerToldSchema,
    summary: 'Until when the owner of an application knows.',
    key: 'told/<what>/<application or owner>',
  },
  dead: {
    schema: deadSchema,
    summary: 'A record that a group could not parse, and why.',
    key: '<topic>/<partition> of the record',
    content: 'the value of that record, untouched',
  },
} as const satisfies Record<string, DescribedRecord>

export type RecordName = keyof typeof describedRecords
