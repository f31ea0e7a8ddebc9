/** What becomes of a message that meets a defect of ours: held where it is accepted, and in no case in the way of others. */
import type { Verdict } from '@sallyport/contracts'
import { type Join, settleRecords } from './join.ts'
import { appendVerdict } from './late-decision.ts'
import type { Room } from './room.ts'

const maxFaultChars = 500

/**
 * Does `step` for the message of this join. Whatever it throws ends that message's join: accepted, it is held (`fault`); not
 * accepted, ingress hears nothing and does as `whenUndecided` says. Never throws.
 */
export function guarded(room: Room, join: Join, step: () => void): void {
  try {
    step()
  } catch (error) {
    faulted(room, join, error)
  }
}

function faulted(room: Room, join: Join, error: unknown): void {
  const { id, accepted } = join
  room.ports.log.error({ err: error, id }, 'a message cannot be judged: it is held where it was accepted')
  room.metrics.fault()
  if (accepted === undefined) {
    room.joins.end(join)
    settleRecords(join)
    return
  }
  room.joins.clearDeadline(join)
  join.phase = 'decided'
  appendVerdict(room, join, faultVerdict(accepted.undecided.message.policyRevision, error))
}

function faultVerdict(policyRevision: number, error: unknown): Verdict {
  const fault = (error instanceof Error ? error.message : String(error)).slice(0, maxFaultChars)
  return {
    action: 'hold',
    decidedBy: [],
    wouldBe: { action: 'hold', by: [] },
    contributions: [],
    policyRevision,
    late: true,
    fault,
  }
}
