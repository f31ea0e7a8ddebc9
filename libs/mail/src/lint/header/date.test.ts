import { type RuleCase, testRules } from '../rule-cases.ts'
import { dateRules } from './date.ts'

/** The message was received on Tue, 25 Nov 2025 08:30 UTC. */
const date = (value: string | undefined) => ({ fields: { Date: value } })

const cases: readonly RuleCase[] = [
  ['spam.date-missing', date(undefined), date('never')],
  ['spam.date-malformed', date('2025-11-25T09:30:00Z'), date('25 Nov 2025 09:30 +0000')],
  ['spam.date-malformed', date('Di, 25 Dez 2025 09:30:00 +0100'), date('Tue, 25 Nov 2025 09:30:00 +0100')],
  ['spam.date-in-future', date('Tue, 25 Nov 2025 21:00:00 +0000'), date('Tue, 25 Nov 2025 20:00:00 +0000')],
  ['spam.date-in-past', date('Tue, 18 Nov 2025 08:00:00 +0000'), date('Tue, 18 Nov 2025 09:00:00 +0000')],
  ['spam.date-zone-missing', date('Tue, 25 Nov 2025 09:30:00'), date('Tue, 25 Nov 2025 09:30:00 GMT')],
  ['spam.date-zone-missing', date('Tue, 25 Nov 2025 09:30:00'), date('Tue, 25 Nov 2025 09:30:00 +0100 (CET)')],
  ['spam.date-weekday-wrong', date('Mon, 25 Nov 2025 09:30:00 +0000'), date('Tue, 25 Nov 2025 09:30:00 +0000')],
  ['spam.date-weekday-wrong', date('Wed, 25 Nov 2025 23:30:00 -1200'), date('Tue, 25 Nov 2025 23:30:00 -1200')],
  ['spam.date-weekday-wrong', date('Sat, 25 Nov 2025 23:30:00 EST'), date('Tue, 25 Nov 2025 23:30:00 EST')],
]

testRules(dateRules, cases)
