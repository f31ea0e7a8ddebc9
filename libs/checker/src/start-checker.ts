/** The harness of every checker: consumption, deadline, annotation, trace context, metrics, readiness. */
import type { DeliveredRecord } from '@sallyport/bus'
import type { ContentStore } from '@sallyport/content'
import { type Annotation, checkerGroup, type Received, receivedCodec, topics } from '@sallyport/contracts'
import type { RolePorts, RunningRole } from '@sallyport/runtime'
import { describeActiveSpan, inSpan } from '@sallyport/tracing'
import { annotationBytes } from './annotation-bytes.ts'
import { checkerMetrics } from './checker-metrics.ts'
import { deadlines } from './deadlines.ts'
import type { CheckerDefinition, CheckResult } from './definition.ts'
import { type CheckerRoom, judgeMessage, unavailable } from './judge-message.ts'
import { pinnedPolicies } from './pinned-policy.ts'
import { type CheckerSettings, checkerDefaults } from './settings.ts'
import { sparsely } from './sparse-log.ts'

export interface CheckerPorts extends RolePorts {
  /** Needed for messages over 64 KiB by checks that read them whole: without it `readContent` fails for those. */
  readonly content?: ContentStore | undefined
}

/** A record this much older than its budget has no one waiting for it (design §4.4). */
export const graceMs = 5000

/**
 * Consumes `mail.received` in the check's own group, and publishes one annotation for each message that asks for the check,
 * before the record is settled: durably where the message was asked again. Resolves when the group is joined. Fails with
 * BUS_CLOSED. A failed publish is tried again by the bus, with the check.
 */
export async function startChecker(
  definition: CheckerDefinition,
  ports: CheckerPorts,
  settings: Partial<CheckerSettings> = {},
): Promise<RunningRole> {
  const { bus, clock, content, policy } = ports
  const { concurrency, policyWaitMs } = { ...checkerDefaults, ...settings }
  const name = definition.role ?? `${definition.name}-check`
  const { log } = ports
  const failureLog = sparsely(() => clock.elapsed())
  const metrics = checkerMetrics(ports.metrics)
  const room: CheckerRoom = {
    definition,
    content,
    clock,
    log,
    policies: pinnedPolicies(policy, policyWaitMs),
    deadlines: deadlines(() => clock.elapsed()),
    onFailure: (id, err) =>
      failureLog((leftOut) => log.error({ err, id, leftOut }, 'a check failed: the message is not judged by it')),
  }

  function handle(delivered: DeliveredRecord): void | Promise<void> {
    if (delivered.value === null) return
    const { record: received, bytes } = receivedCodec.decode(delivered.value)
    if (!received.checks.includes(definition.name)) return
    const startedMs = clock.elapsed()
    const ageMs = Math.max(0, clock.now() - delivered.publishedAt)
    const result = inSpan(`check ${definition.name}`, {}, () => judgeInTime(room, received, bytes, ageMs))
    return result instanceof Promise
      ? result.then((found) => publish(delivered, received, found, startedMs))
      : publish(delivered, received, result, startedMs)
  }

  async function publish(delivered: DeliveredRecord, received: Received, result: CheckResult, startedMs: number): Promise<void> {
    const { id, application, policyRevision, traceparent } = received.message
    describeActiveSpan({ 'mail.check': definition.name, 'mail.check.outcome': result.outcome, 'mail.application': application })
    const annotation: Annotation = {
      v: 1,
      kind: 'annotation',
      id,
      check: definition.name,
      ...result,
      reasons: [...result.reasons],
      policyRevision,
      tookMs: Math.round((clock.elapsed() - startedMs) * 1000) / 1000,
      application,
    }
    await bus.publish(
      {
        topic: received.annotateTo.topic,
        partition: received.annotateTo.partition,
        key: id,
        headers: { traceparent: delivered.headers.traceparent ?? traceparent },
        value: annotationBytes(annotation),
      },
      { durable: received.again ?? false },
    )
    metrics.annotated(annotation, traceparent)
  }

  const consumer = await bus.consume({
    group: checkerGroup(definition.name),
    topics: [topics.received.name],
    concurrency,
    handle,
  })
  let isStopping = false

  return {
    name,
    readiness() {
      const own = definition.readiness?.() ?? { ready: true, waitingFor: [] }
      const waitingFor = [...(isStopping ? ['the stop'] : []), ...(hasPolicy(ports) ? [] : ['the first policy revision'])]
      // One beyond the number of partitions stands by for the others: it is as ready as they are.
      const standsBy = !isStopping && consumer.assigned().length === 0
      const idle = standsBy
        ? [`it has no partition of ${topics.received.name} now: others have all, or they are being shared out`]
        : []
      const warnings = [...(own.warnings ?? []), ...idle]
      return {
        ready: waitingFor.length === 0 && own.ready,
        waitingFor: [...waitingFor, ...own.waitingFor],
        ...(warnings.length === 0 ? {} : { warnings }),
      }
    },
    async stop() {
      isStopping = true
      await consumer.stop().catch((err: unknown) => log.error({ err }, 'the checker did not leave its group cleanly'))
      room.policies.stop()
      room.deadlines.stop()
      await definition.stop?.().catch((err: unknown) => log.error({ err }, 'the check did not stop cleanly'))
    },
  }
}

/** A record that is late gets its annotation without work, so that a checker that fell behind catches up. */
function judgeInTime(room: CheckerRoom, received: Received, bytes: Uint8Array, ageMs: number): CheckResult | Promise<CheckResult> {
  const limitMs = received.budgetMs + graceMs
  if (received.again) return judgeMessage(room, received, bytes, limitMs)
  if (ageMs <= limitMs) return judgeMessage(room, received, bytes, limitMs - ageMs)
  const evidence = { ageMs, budgetMs: received.budgetMs }
  return unavailable(room.definition.name, 'late', 'the message reached the check after its time was over', evidence)
}

function hasPolicy(ports: RolePorts): boolean {
  try {
    return ports.policy.current() !== undefined
  } catch {
    return false
  }
}
