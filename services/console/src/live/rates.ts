/** How often what happens, a second, over the last ten seconds. */
import type { MailEvent, Overview } from '@sallyport/contracts'
import type { Clock } from '@sallyport/runtime'

type Counted = keyof Overview['rates']

export interface Rates {
  see(event: MailEvent): void
  perSecond(): Overview['rates']
}

const windowS = 10

/** Events that are older than the window by their own clock, as after a restart, are not counted. */
export function rates(clock: Clock): Rates {
  const slots = Array.from({ length: windowS + 1 }, () => ({ second: -1, counts: none() }))

  function count(what: Counted, by = 1): void {
    const second = Math.floor(clock.elapsed() / 1000)
    const slot = slots[second % slots.length]
    if (!slot) return
    if (slot.second !== second) {
      slot.second = second
      slot.counts = none()
    }
    slot.counts[what] += by
  }

  return {
    see(event) {
      if (clock.now() - event.at > windowS * 1000) return
      switch (event.kind) {
        case 'settled':
          count('received')
          count(event.accepted ? 'accepted' : 'refused')
          break
        case 'judged':
          if (!event.late && event.verdict.contributions.some(({ outcome }) => outcome === 'fail')) count('violations')
          break
        case 'held':
          count('held')
          break
        case 'attempted':
          for (const { result } of event.recipients) {
            count(result === 'delivered' || result === 'deferred' ? result : 'failed')
          }
          break
        case 'annotated':
        case 'released':
        case 'dropped':
        case 'bounced':
          break
      }
    },
    perSecond() {
      const second = Math.floor(clock.elapsed() / 1000)
      const sum = none()
      for (const slot of slots) {
        // The running second is not over.
        if (slot.second >= second || slot.second < second - windowS) continue
        for (const what of countedNames) sum[what] += slot.counts[what] / windowS
      }
      return sum
    },
  }
}

const none = (): Record<Counted, number> => ({
  received: 0,
  accepted: 0,
  refused: 0,
  violations: 0,
  held: 0,
  delivered: 0,
  deferred: 0,
  failed: 0,
})
const countedNames: readonly Counted[] = [
  'received',
  'accepted',
  'refused',
  'violations',
  'held',
  'delivered',
  'deferred',
  'failed',
]
