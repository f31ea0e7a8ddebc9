/** Rules on the Date field (RFC 5322 §3.3, §3.6.1). */
import { seen, shown } from '../evidence.ts'
import type { LintInput, LintRule } from '../port.ts'
import { firstValue } from './field.ts'

const hourMs = 3_600_000
const maxAheadHours = 12
const maxBehindHours = 7 * 24
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const dayName = /^([A-Za-z]{3})\s{0,5},/
const zone = /\s(?:([+-])([0-9]{2})([0-9]{2})|[A-Za-z]{1,5})\s{0,5}(?:\(|$)/

const aheadHours = ({ identities: { date }, receivedAt }: LintInput): number =>
  date === undefined ? 0 : (date - receivedAt) / hourMs
const dateValue = (input: LintInput): string => (firstValue(input, 'date') ?? '').slice(0, 200)

export const dateRules: readonly LintRule[] = [
  {
    id: 'spam.date-missing',
    points: 2,
    text: 'The message has no Date field.',
    fix: 'Set Date to the time of sending, such as `Date: Tue, 25 Nov 2025 09:30:00 +0100`.',
    reference: 'RFC 5322 §3.6.1',
    why: 'Date is one of the two fields that every message must have. Some receivers refuse a message without it, others sort it to the bottom.',
    find: ({ identities }) => (identities.faults.includes('missing-date') ? seen : undefined),
  },
  {
    id: 'spam.date-malformed',
    points: 2,
    text: 'The Date field cannot be read as a date.',
    fix: 'Write it as `Tue, 25 Nov 2025 09:30:00 +0100`: English names whatever the locale of the server is, and a numeric zone.',
    reference: 'RFC 5322 §3.3',
    why: 'Mail programs show no date or a wrong one, and filters count a date that is none as a mark of home-made software.',
    find: (input) =>
      input.identities.faults.includes('date-unparsable') ? { value: shown(firstValue(input, 'date') ?? '') } : undefined,
  },
  {
    id: 'spam.date-in-future',
    points: 2,
    text: 'The Date is well in the future.',
    fix: 'Set the clock of the server by NTP, and check that the zone in Date belongs to the time that stands before it.',
    reference: 'RFC 5322 §3.6.1',
    why: 'Spammers date mail forward so that it stays on top. Every filter counts it.',
    find(input) {
      const hours = aheadHours(input)
      return hours > maxAheadHours ? { hours: Math.round(hours) } : undefined
    },
  },
  {
    id: 'spam.date-in-past',
    points: 1,
    text: 'The Date is more than a week old.',
    fix: 'Set Date when the message is sent, not when it is made; look for a queue that did not run, or a wrong clock.',
    reference: 'RFC 5322 §3.6.1',
    why: 'Old mail is what a relay that was abused or a replayed message looks like, and people overlook it.',
    find(input) {
      const hours = -aheadHours(input)
      return hours > maxBehindHours ? { days: Math.round(hours / 24) } : undefined
    },
  },
  {
    id: 'spam.date-zone-missing',
    points: 0.5,
    text: 'The Date has no time zone.',
    fix: 'End Date with the numeric zone, such as `+0100`.',
    reference: 'RFC 5322 §3.3',
    why: 'Without a zone every reader takes the time as its own.',
    find(input) {
      const value = dateValue(input)
      return input.identities.date !== undefined && !zone.test(value) ? { value: shown(value) } : undefined
    },
  },
  {
    id: 'spam.date-weekday-wrong',
    points: 0.5,
    text: 'The day of the week in Date does not belong to the date.',
    fix: 'Let a library for dates format the field.',
    reference: 'RFC 5322 §3.3',
    why: 'It shows a date that was put together by hand, which spam software does.',
    find(input) {
      const { date } = input.identities
      if (date === undefined) return undefined
      const value = dateValue(input)
      const written = days.indexOf(dayName.exec(value)?.[1]?.toLowerCase() ?? '')
      const offset = zone.exec(value)
      if (written === -1 || offset === null) return undefined
      const minutes = offset[1] ? (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -1 : 1) : undefined
      // A zone by name: the local day is within one of the day in UTC.
      const local = new Date(date + (minutes ?? 0) * 60_000).getUTCDay()
      const isRight = minutes === undefined ? (written - local + 8) % 7 <= 2 : written === local
      return isRight ? undefined : { value: shown(value) }
    },
  },
]
