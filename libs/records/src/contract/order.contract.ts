/** Order and repeats do not matter: the rows are those of the set of events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MailEvent } from '@sallyport/contracts'
import fc from 'fast-check'
import { eventsOf, recorded } from '../events.cases.ts'
import type { Records } from '../port.ts'
import type { RecordsContract } from '../records.contract.ts'
import { finding, type Story, told } from './stories.cases.ts'

const at = 1_764_000_000_000
const hour = 3_600_000

/** Retries over an hour's end, late judgements, holds, attempts in parts, and a message that only an attempt is known of. */
function everything(): MailEvent[] {
  const fails = [finding('domain', { mode: 'enforce' }), finding('spam', { outcome: 'unavailable' })]
  const stories: readonly Story[] = [
    { at, outcome: 'defer', messageId: '<retried@x>', checks: fails },
    { at: at + hour, outcome: 'reject', messageId: '<retried@x>', checks: fails },
    {
      at: at + 2 * hour,
      messageId: '<retried@x>',
      checks: [finding('domain', { outcome: 'pass' })],
      attempts: [[[0, 'delivered']]],
    },
    { at: at + 2 * hour, messageId: '<retried@x>', recipients: ['other@example.net'], checks: fails },
    {
      at: at + 5,
      application: 'crm',
      checks: [finding('address')],
      attempts: [
        [[0, 'deferred']],
        [
          [0, 'bounced'],
          [1, 'delivered'],
        ],
      ],
    },
  ]
  const late = told({ at: at + 9, outcome: 'undecided', checks: [finding('domain'), finding('spam', { outcome: 'unavailable' })] })
  const { judged, annotated, hold, attempted } = eventsOf(late.id, at + 20)
  const verdict = {
    action: 'hold' as const,
    decidedBy: ['spam'],
    wouldBe: { action: 'hold' as const, by: ['spam'] },
    policyRevision: 7,
  }
  const alone = eventsOf(told({ at: at + 3 }).id, at + 30).attempted(1, [[0, 'delivered']])
  return [
    ...stories.flatMap((story) => told(story).events),
    ...late.events,
    judged({ late: true, verdict: { ...verdict, contributions: [finding('domain'), finding('spam', { outcome: 'pass' })] } }),
    annotated('address'),
    hold('held', 30),
    hold('released', 40),
    attempted(1, [[0, 'delivered']]),
    attempted(1, [[1, 'bounced']], 1),
    alone,
  ]
}

export function orderContract(contract: RecordsContract): void {
  const events = everything()

  test('any permutation and repetition of events gives the same rows', async () => {
    const expected = await dumpOf([events])
    const parts = fc.shuffledSubarray([...events.keys()], { minLength: events.length }).chain((order) =>
      fc.record({
        order: fc.constant(order),
        repeats: fc.array(fc.nat(events.length - 1), { maxLength: 20 }),
        cuts: fc.array(fc.nat(events.length), { maxLength: 6 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(parts, async ({ order, repeats, cuts }) => {
        const told = [...order, ...repeats].flatMap((index) => events[index] ?? [])
        const bounds = [0, ...cuts.toSorted((left, right) => left - right), told.length]
        const batches = bounds.slice(1).map((to, index) => told.slice(bounds[index], to))
        assert.deepEqual(await dumpOf(batches), expected)
      }),
      { numRuns: contract.runs ?? 50 },
    )
  })

  async function dumpOf(batches: readonly (readonly MailEvent[])[]): Promise<unknown> {
    const records = await contract.open(Date.now)
    for (const batch of batches) await records.append(batch.map((event) => recorded(event, 1)))
    const kept = { rows: await contract.dump(), events: (await everyEvent(records)).sort() }
    await records.close()
    return kept
  }
}

/** As JSON. How events share rows depends on the batches they came in. */
async function everyEvent(records: Pick<Records, 'events'>): Promise<string[]> {
  const all: string[] = []
  for (let after: string | undefined | null; after !== null; ) {
    const page = await records.events({ after })
    all.push(...page.events)
    after = page.next
  }
  return all
}
