import type { MailEvent } from './event.ts'

/** What tells a repeat of an event from another event of the same message. */
export function eventSubject(event: MailEvent): { subject: string; attempt: number } {
  switch (event.kind) {
    case 'judged':
      // A message accepted undecided is judged a second time, and that one is the decision.
      return { subject: event.late ? 'late' : '', attempt: 0 }
    case 'settled':
    case 'held':
    case 'released':
    case 'dropped':
      return { subject: '', attempt: 0 }
    case 'annotated':
      return { subject: event.annotation.check, attempt: 0 }
    case 'attempted':
      return { subject: event.part ? `${event.destination} ${event.part}` : event.destination, attempt: event.attempt }
    case 'bounced':
      return { subject: event.recipients.map((recipient) => recipient.index).join(','), attempt: event.attempt }
  }
}
