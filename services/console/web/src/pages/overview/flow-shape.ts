/** The flow of the mail as the picture shows it, out of what the overview says. */
import type { Overview } from '@sallyport/contracts'

export interface FlowBox {
  readonly role: string
  readonly name: string
  readonly waiting: number
  readonly oldestAgeMs: number
  /** Nobody runs it. */
  readonly isMissing: boolean
  readonly isBehind: boolean
}

export interface FlowShape {
  readonly ingress: FlowBox | undefined
  readonly checks: readonly FlowBox[]
  readonly verdict: FlowBox | undefined
  readonly delivery: FlowBox | undefined
}

const names: Readonly<Record<string, string>> = {
  ingress: 'Ingress',
  'domain-check': 'Domain',
  'address-check': 'Address',
  'spam-scoring': 'Spam',
  throttle: 'Throttle',
  verdict: 'Verdict',
  delivery: 'Delivery',
}
const ends = new Set(['ingress', 'verdict', 'delivery', 'console'])
/** Longer than a burst, shorter than any budget. */
const behindMs = 5000

export function flowShape(stages: Overview['stages']): FlowShape {
  const boxes = stages.map(
    ({ role, processes, waiting, oldestAgeMs }): FlowBox => ({
      role,
      name: names[role] ?? role,
      waiting,
      oldestAgeMs,
      isMissing: processes === 0,
      // Mail that was put off waits for delivery by design: the queue tells of it.
      isBehind: role !== 'delivery' && waiting > 0 && oldestAgeMs > behindMs,
    }),
  )
  const one = (role: string): FlowBox | undefined => boxes.find((box) => box.role === role)
  return {
    ingress: one('ingress'),
    checks: boxes.filter(({ role }) => !ends.has(role)),
    verdict: one('verdict'),
    delivery: one('delivery'),
  }
}
