/** The only writer of the `policy` topic: one change at a time, each upon the revision that its author saw (design §5). */
import { isDeepStrictEqual } from 'node:util'
import { type Bus, maxRecordBytes } from '@sallyport/bus'
import { type AuditEntry, keptRevisions, type PolicyRecord, policyKey, SallyportError, topics } from '@sallyport/contracts'
import { type Fault, formatFault, parsePolicy } from '@sallyport/policy'
import { type Clock, decodePolicyRow, encodePolicyRow, type RolePorts } from '@sallyport/runtime'

export interface PolicyChange {
  /** YAML or JSON. */
  readonly text: string
  readonly author: string
  readonly reason: string
  /** The revision that the author changes: 0 where there is none yet, `any` to change whatever holds. */
  readonly ifRevision: number | 'any'
  /** Checks everything and publishes nothing. */
  readonly dryRun?: boolean
  /** For the audit log: by which way it came, and with which token. */
  readonly audit?: Pick<AuditEntry, 'action' | 'token' | 'scope'> & { readonly subject?: string }
}

/** `unchanged`: the document is the current one already, so no revision was made. */
export type PolicyOutcome =
  | { readonly kind: 'published' | 'unchanged'; readonly revision: number; readonly warnings: readonly Fault[] }
  | { readonly kind: 'conflict'; readonly currentRevision: number }
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] }

export interface PolicyPublisher {
  /** The newest revision; undefined where there is none yet. */
  current(): PolicyRecord | undefined
  /** Those that are kept, the newest first. */
  revisions(): readonly PolicyRecord[]
  /**
   * Makes the next revision, durably. Resolves when this process sees it in the table. An invalid document is told with all
   * its faults before a conflict is. Fails as the bus does, and with BUS_UNAVAILABLE where the revision does not appear.
   */
  publish(change: PolicyChange): Promise<PolicyOutcome>
  stop(): Promise<void>
}

const appearWithinMs = 10_000

interface Row {
  readonly record: PolicyRecord
  readonly value: Uint8Array
}

/**
 * Resolves when the revisions that stand are known. There should be one publisher per gateway only. Where there are two, the first
 * row of a revision in the table is the revision, for them as for every role; who wrote the second is told of a conflict.
 */
export async function createPolicyPublisher(ports: {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: RolePorts['log']
}): Promise<PolicyPublisher> {
  const { bus, clock, log } = ports
  const kept = new Map<number, Row>()
  const appeared = new Map<number, PromiseWithResolvers<void>>()
  let newest: PolicyRecord | undefined
  let last: Promise<unknown> = Promise.resolve()

  function onRow(key: string, value: Uint8Array | null): void {
    try {
      const record = decodePolicyRow(key, value)
      if (!record || value === null || kept.has(record.revision)) return
      kept.set(record.revision, { record, value })
      kept.delete(record.revision - keptRevisions)
      if (record.revision > (newest?.revision ?? 0)) newest = record
      appeared.get(record.revision)?.resolve()
    } catch (err) {
      log.error({ err, key }, 'a policy row cannot be read')
    }
  }

  async function change({ text, author, reason, ifRevision, dryRun }: PolicyChange): Promise<PolicyOutcome> {
    const checked = parsePolicy(text)
    const { warnings } = checked
    if (!checked.ok) return { kind: 'invalid', faults: checked.faults, warnings }
    const currentRevision = newest?.revision ?? 0
    const revision = currentRevision + 1
    const record: PolicyRecord = { v: 1, kind: 'policy', revision, author, reason, at: clock.now(), document: checked.document }
    const value = rowOf(record)
    if (value === undefined) return { kind: 'invalid', faults: [tooLong], warnings }
    if (ifRevision !== 'any' && ifRevision !== currentRevision) return { kind: 'conflict', currentRevision }
    if (newest && isDeepStrictEqual(newest.document, checked.document)) {
      return { kind: 'unchanged', revision: newest.revision, warnings }
    }
    if (dryRun) return { kind: 'published', revision, warnings }
    if (!(await append(revision, value))) {
      return ifRevision === 'any'
        ? await change({ text, author, reason, ifRevision })
        : { kind: 'conflict', currentRevision: newest?.revision ?? revision }
    }
    log.info({ revision, author, reason, warnings: warnings.map(formatFault) }, 'a new policy revision holds')
    return { kind: 'published', revision, warnings }
  }

  /** False where another publisher was first. Its row is written again then, so that compaction keeps it and not ours. */
  async function append(revision: number, value: Uint8Array): Promise<boolean> {
    const seen = Promise.withResolvers<void>()
    let failing: NodeJS.Timeout | undefined
    appeared.set(revision, seen)
    try {
      await bus.publish({ topic: topics.policy.name, key: policyKey(revision), value }, { durable: true })
      failing = setTimeout(() => seen.reject(notSeen(revision)), appearWithinMs)
      await seen.promise
      const first = kept.get(revision)
      if (!first || Buffer.compare(first.value, value) === 0) return true
      log.warn({ revision, author: first.record.author }, 'another process with the role console made this revision first')
      await bus.publish({ topic: topics.policy.name, key: policyKey(revision), value: first.value }, { durable: true })
      return false
    } finally {
      clearTimeout(failing)
      appeared.delete(revision)
    }
  }

  const table = await bus.table({ topic: topics.policy.name, onRow })
  await table.loaded
  return {
    current: () => newest,
    revisions: () => Array.from(kept.values(), ({ record }) => record).sort((left, right) => right.revision - left.revision),
    publish(wanted) {
      const outcome = last.then(() => change(wanted))
      last = outcome.catch(() => undefined)
      return outcome
    },
    async stop() {
      await last
      await table.stop()
    },
  }
}

/** Undefined where the document is too long for a row even when it is compressed. */
function rowOf(record: PolicyRecord): Uint8Array | undefined {
  try {
    const value = encodePolicyRow(record)
    return value.byteLength > maxRecordBytes ? undefined : value
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'POLICY_INVALID') return undefined
    throw error
  }
}

const tooLong: Fault = {
  path: '/',
  message: `is too long: compressed it has more than ${maxRecordBytes} bytes, or its aliases unfold to very much`,
  hint: 'Move long lists of addresses into "directories"',
}

const notSeen = (revision: number): SallyportError =>
  new SallyportError('BUS_UNAVAILABLE', `policy revision ${revision} was published but is not seen yet: look before you repeat`)
