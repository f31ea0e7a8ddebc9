/** An event as a line of the live stream. */
import type { LiveEvent, MailEvent } from '@sallyport/contracts'

export function liveEvent(event: MailEvent): LiveEvent {
  const { id, kind, at, application } = event
  return { id, kind, at, application, text: textOf(event).slice(0, 500), violations: violationsOf(event) }
}

function textOf(event: MailEvent): string {
  switch (event.kind) {
    case 'settled':
      return event.reply || event.outcome
    case 'judged': {
      const { action, decidedBy, wouldBe } = event.verdict
      const by = decidedBy.length > 0 ? ` by ${decidedBy.join(', ')}` : ''
      return `${action}${by}${wouldBe.action === action ? '' : `; with every check enforced: ${wouldBe.action} by ${wouldBe.by.join(', ')}`}`
    }
    case 'annotated':
      return `${event.annotation.check}: ${event.annotation.outcome}, too late`
    case 'attempted': {
      const [first] = event.recipients
      const results = Map.groupBy(event.recipients, ({ result }) => result)
      const counts = [...results].map(([result, those]) => `${those.length} ${result}`).join(', ')
      return `${event.nextHop || event.destination}: ${counts}${first?.reply ? `: ${first.reply}` : ''}`
    }
    case 'held':
      return event.cause
    case 'released':
    case 'dropped':
      return `${event.by}: ${event.cause}`
    case 'bounced':
      return `${event.cause}; ${event.dsnId === null ? 'the sender was not told' : `DSN ${event.dsnId}`}`
  }
}

function violationsOf(event: MailEvent): string[] {
  if (event.kind !== 'judged') return []
  return event.verdict.contributions.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
}
