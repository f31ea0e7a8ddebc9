/** The verdict role: joins what the checks found on each message and decides (design §4.5, §4.7). */
import { groups, topics } from '@sallyport/contracts'
import type { RunningRole } from '@sallyport/runtime'
import { Value } from 'typebox/value'
import { deadlinePassed } from './deadline-passed.ts'
import { guarded } from './fault.ts'
import { judge } from './judge.ts'
import { OpenJoins } from './open-joins.ts'
import { pendingWork } from './pending.ts'
import { readRecord } from './read-record.ts'
import { RememberedVerdicts } from './remembered-verdicts.ts'
import type { Room, VerdictPorts } from './room.ts'
import { type VerdictSettings, verdictSettingsSchema } from './settings.ts'
import { verdictMetrics } from './verdict-metrics.ts'

const forgedLogEveryMs = 60_000

/**
 * Consumes `mail.annotations`. Resolves when the group is joined. Fails with BUS_CLOSED, or where a setting does not fit.
 * Keeps nothing on disk: what is undecided at a stop or crash is built again from the records that were not settled.
 */
export async function startVerdict(ports: VerdictPorts, settings: Partial<VerdictSettings> = {}): Promise<RunningRole> {
  const { clock, log } = ports
  const filled = Value.Parse(verdictSettingsSchema, Value.Default(verdictSettingsSchema, { ...settings }))
  const joins = new OpenJoins(filled.tickMs, clock.elapsed())
  const room: Room = {
    ports,
    settings: filled,
    joins,
    remembered: new RememberedVerdicts({ keepMs: filled.rememberMs, max: filled.maxRemembered }),
    metrics: verdictMetrics(ports.metrics, () => joins.size),
    pending: pendingWork(log),
  }
  const forged = forgedLog(room)
  const stopFollowing = ports.policy.onChange(() => {
    for (const join of joins.inPhase('awaiting-policy')) guarded(room, join, () => judge(room, join))
  })
  const ticking = setInterval(() => {
    const nowMs = clock.elapsed()
    for (const join of joins.due(nowMs)) guarded(room, join, () => deadlinePassed(room, join))
    room.remembered.expire(nowMs)
  }, filled.tickMs)
  let isStopping = false
  const consumer = await ports.bus.consume({
    group: groups.verdict,
    topics: [topics.annotations.name],
    settle: 'manual',
    // A join holds three or four records until it is over: fetching must not pause before `maxOpenJoins` bounds them.
    maxUnsettled: filled.maxOpenJoins * 4,
    // What is still open then is built again by who reads the records next: nothing is worth waiting for.
    drainMs: 500,
    handle: (record) => readRecord(room, record, forged),
    onRevoked: (partitions) => joins.forget(new Set(partitions.map(({ partition }) => partition))),
  })

  return {
    name: 'verdict',
    readiness() {
      const waitingFor = [...(isStopping ? ['the stop'] : []), ...(hasPolicy(ports) ? [] : ['the first policy revision'])]
      return { ready: waitingFor.length === 0, waitingFor }
    },
    async stop() {
      isStopping = true
      clearInterval(ticking)
      stopFollowing()
      consumer.pause()
      await room.pending.stop()
      await consumer.stop().catch((err: unknown) => log.error({ err }, 'verdict did not leave its group cleanly'))
    },
  }
}

function hasPolicy(ports: VerdictPorts): boolean {
  try {
    return ports.policy.current() !== undefined
  } catch {
    return false
  }
}

/** Counts every forged record, and says so at most once a minute. */
function forgedLog(room: Room): (kind: string, id: string) => void {
  let quietUntilMs = Number.NEGATIVE_INFINITY
  let sinceLast = 0
  return (kind, id) => {
    room.metrics.forged(kind)
    sinceLast++
    const nowMs = room.ports.clock.elapsed()
    if (nowMs < quietUntilMs) return
    room.ports.log.error(
      { kind, id, records: sinceLast },
      'control records whose signature does not hold are ignored: find who else may write to mail.annotations',
    )
    quietUntilMs = nowMs + forgedLogEveryMs
    sinceLast = 0
  }
}
