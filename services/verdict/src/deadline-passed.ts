/** What happens to a join whose time is up. */
import { guarded } from './fault.ts'
import { type Join, settleRecords, unjudgedChecks } from './join.ts'
import { judge, judgeWithoutPinnedRevision } from './judge.ts'
import { askAgain } from './late-decision.ts'
import type { Room } from './room.ts'

export function deadlinePassed(room: Room, join: Join): void {
  switch (join.phase) {
    case 'awaiting-policy':
      judgeWithoutPinnedRevision(room, join)
      return
    case 'collecting':
      if (join.accepted && !join.hasAskedAgain && unjudgedChecks(join).length > 0) {
        askAgain(room, join)
        return
      }
      endCollecting(room, join)
      return
    case 'decided':
    case 'acting':
    case 'over':
      return
  }
}

/** Makes room: the oldest join that still collects is closed as if its time were up. */
export function closeEarly(room: Room): void {
  const oldest = room.joins.oldestCollecting()
  if (!oldest) return
  room.metrics.crowdedOut()
  guarded(room, oldest, () => endCollecting(room, oldest))
}

function endCollecting(room: Room, join: Join): void {
  if (join.opened || join.accepted) {
    judge(room, join)
    return
  }
  room.joins.end(join)
  room.metrics.orphan()
  settleRecords(join)
}
