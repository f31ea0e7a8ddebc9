/** Messages with all that was said of them, for contracts: who sent what, what was found, and how it ended. */
import { type MailEvent, newMessageId, withMessageIdTime } from '@sallyport/contracts'
import { eventsOf } from '../events.cases.ts'

type EventOf<K extends MailEvent['kind']> = Extract<MailEvent, { kind: K }>
type Contribution = EventOf<'judged'>['verdict']['contributions'][number]

export const idAt = (at: number): string => withMessageIdTime(newMessageId(), at)

export interface Story {
  readonly at: number
  readonly application?: string
  readonly sender?: string
  readonly from?: readonly string[]
  readonly recipients?: readonly string[]
  readonly messageId?: string
  readonly outcome?: EventOf<'settled'>['outcome']
  readonly checks?: readonly Contribution[]
  readonly attempts?: readonly (readonly (readonly [number, 'delivered' | 'deferred' | 'bounced'])[])[]
}

export const finding = (check: string, changes: Partial<Contribution> = {}): Contribution => {
  const outcome = changes.outcome ?? 'fail'
  const rules = outcome === 'fail' ? [`${check}.not-ours`] : []
  return { check, mode: 'monitor', outcome, action: outcome === 'fail' ? 'reject' : 'relay', rules, ...changes }
}

/** Its id and its events, in the order in which they happen. */
export function told(story: Story, id: string = idAt(story.at)): { readonly id: string; readonly events: readonly MailEvent[] } {
  const { at, application = 'billing', outcome = 'relay', checks = [] } = story
  const { settled, judged, attempted } = eventsOf(id, at, application)
  const accepted = !['reject', 'defer', 'abandoned', 'failed'].includes(outcome)
  const settling = settled({
    accepted,
    outcome,
    ...(story.sender === undefined ? {} : { sender: story.sender }),
    ...(story.from === undefined ? {} : { headerFrom: [...story.from] }),
    ...(story.recipients === undefined ? {} : { recipients: [...story.recipients] }),
    ...(story.messageId === undefined ? {} : { messageId: story.messageId }),
  })
  const action = checks.find((one) => one.action !== 'relay')?.action ?? 'relay'
  const verdict = {
    action: outcome === 'reject' || outcome === 'defer' || outcome === 'hold' ? outcome : ('relay' as const),
    decidedBy: [],
    wouldBe: { action, by: [] },
    contributions: [...checks],
    policyRevision: 7,
  }
  const annotations = checks.map(({ check, outcome, rules }) => ({
    v: 1,
    kind: 'annotation' as const,
    id,
    check,
    outcome,
    reasons: rules.map((rule) => ({ rule, text: `what ${rule} found`, fix: `how to fix ${rule}` })),
    policyRevision: 7,
    tookMs: 1,
    application,
  }))
  return {
    id,
    events: [
      ...(checks.length > 0 ? [judged({ annotations, verdict })] : []),
      settling,
      ...(story.attempts ?? []).map((results, index) => addressed(attempted(index + 1, results), story.recipients)),
    ],
  }
}

/** An attempt names the recipients of its envelope. */
const addressed = (event: MailEvent, addresses: readonly string[] | undefined): MailEvent =>
  event.kind === 'attempted' && addresses
    ? { ...event, recipients: event.recipients.map((one) => ({ ...one, address: addresses[one.index] ?? one.address })) }
    : event
