/** What is wrong now, in words for an operator: errors first. */
import type { Overview, QueueDestination, RolesResponse } from '@sallyport/contracts'

export interface Situation {
  readonly missing: RolesResponse['missing']
  readonly destinations: readonly QueueDestination[]
  readonly rates: Overview['rates']
  readonly stages: Overview['stages']
  readonly now: number
  /** Why the records cannot be asked. */
  readonly recordsTrouble?: string | undefined
}

type ProblemNow = Overview['problems'][number]

const lateMs = 5 * 60_000
const stuckMs = 15 * 60_000

export function problemsNow(situation: Situation): ProblemNow[] {
  return [
    ...recordsAway(situation),
    ...missingRoles(situation),
    ...slowStages(situation),
    ...stuckDestinations(situation),
    ...manyRefused(situation),
  ].sort((left, right) => Number(left.severity === 'warning') - Number(right.severity === 'warning'))
}

const recordsAway = ({ recordsTrouble }: Situation): ProblemNow[] =>
  recordsTrouble === undefined
    ? []
    : [
        {
          code: 'records-away',
          severity: 'error',
          text: `the records cannot be asked: ${recordsTrouble}`,
          advice: 'Mail flows, and nothing is lost: what happens meanwhile is shown when they are back',
        },
      ]

const missingRoles = ({ missing }: Situation): ProblemNow[] =>
  missing.map(({ role, why, applications }) => ({
    code: 'role-missing',
    severity: applications.length > 0 || role === 'delivery' || role === 'verdict' ? 'error' : 'warning',
    text: `nobody runs ${role}: ${why}`,
    advice: `Start a process with the role ${role}, or see in its log why it does not start`,
  }))

const slowStages = ({ stages }: Situation): ProblemNow[] =>
  stages
    // Deferred mail waits on purpose.
    .filter(({ role, oldestAgeMs }) => role !== 'delivery' && oldestAgeMs > lateMs)
    .map(({ role, waiting, oldestAgeMs }) => ({
      code: 'role-behind',
      severity: 'warning',
      text: `${role} is ${minutes(oldestAgeMs)} behind, with ${waiting} records waiting`,
      advice: 'Give it more processes, or look at its log',
    }))

const stuckDestinations = ({ destinations, now }: Situation): ProblemNow[] =>
  destinations.flatMap(({ destination, messages, deferred, oldestAt, lastReply, isPaused }): ProblemNow[] => {
    if (isPaused && messages > 0) {
      const text = `the destination ${destination} is paused, and ${messages} messages wait`
      return [
        {
          code: 'destination-paused',
          severity: 'warning',
          text,
          advice: 'Resume it on the page Queue when it may be sent to again',
        },
      ]
    }
    if (deferred === 0 || oldestAt === null || now - oldestAt < stuckMs) return []
    const said = lastReply ? `; it said last: ${lastReply}` : ''
    const text = `${deferred} messages for ${destination} are put off, the oldest for ${minutes(now - oldestAt)}${said}`
    return [{ code: 'destination-stuck', severity: 'error', text, advice: 'Look at the next hop; then retry on the page Queue' }]
  })

function manyRefused({ rates }: Situation): ProblemNow[] {
  if (rates.received < 1 || rates.refused < rates.received / 2) return []
  const share = Math.round((100 * rates.refused) / rates.received)
  return [
    {
      code: 'many-refused',
      severity: 'warning',
      text: `${share} % of the messages of the last ten seconds were refused`,
      advice: 'See on the page Messages which application and check it is; switch the check back to monitor if it is a mistake',
    },
  ]
}

const minutes = (ms: number): string => (ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`)
