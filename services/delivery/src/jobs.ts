/** The records that delivery writes to itself: attempts, and waits before the next. */
import type { Headers, OutgoingRecord } from '@sallyport/bus'
import { type DeferredTier, deferredTopic, type Job, jobCodec, outboundTopic } from '@sallyport/contracts'
import { outboundPartition, type Sharding } from './outbound-partition.ts'

/** The header that names the span of the attempt before: the next one links to it. */
export const previousAttempt = 'previous-attempt'

/** What the records of a job carry, where they do not follow another. */
const headersOf = (job: Job): Headers => ({ traceparent: job.message.traceparent })

/** Publish it durably, or `or-settled` where the record that it came from stays unsettled. */
export function outboundRecord(job: Job, bytes: Uint8Array, sharding: Sharding, headers = headersOf(job)): OutgoingRecord {
  return {
    topic: outboundTopic(job.class),
    key: job.message.id,
    partition: outboundPartition(job.destination, job.message.id, sharding),
    headers,
    ...jobCodec.encodeApart(job, bytes),
  }
}

/** Publish it durably. `job.dueAt` says when it is tried again. */
export function deferredRecord(job: Job, bytes: Uint8Array, tier: DeferredTier, headers = headersOf(job)): OutgoingRecord {
  return {
    topic: deferredTopic(tier),
    key: job.message.id,
    headers,
    ...jobCodec.encodeApart(job, bytes),
  }
}

/** The job without its due time: to be sent now. */
export function dueJob(job: Job): Job {
  const { dueAt: _, ...rest } = job
  return rest
}
