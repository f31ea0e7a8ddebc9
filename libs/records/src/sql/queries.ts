/** What the records answer, the same on every database. */
import type { Records } from '../port.ts'
import { applicationsSeen, identitiesOf } from './applications.ts'
import { eventPage } from './event-page.ts'
import { readinessOf } from './readiness.ts'
import { searchMessages } from './search.ts'
import { statistics } from './statistics.ts'
import type { Reading } from './tables.ts'
import { violationsOf } from './violations.ts'

export type Answers = Pick<
  Records,
  'messages' | 'statistics' | 'applications' | 'identities' | 'readiness' | 'violations' | 'events'
>

/** `guard` says what a failure of the database means. */
export function answersOf(reading: Reading, now: () => number, guard: <T>(answer: Promise<T>) => Promise<T>): Answers {
  return {
    messages: (query) => guard(searchMessages(reading, query)),
    statistics: (query) => guard(statistics(reading, query)),
    applications: (period) => guard(applicationsSeen(reading, period)),
    identities: (query) => guard(identitiesOf(reading, query)),
    readiness: (query) => guard(readinessOf(reading, query, now())),
    events: (page) => guard(eventPage(reading, page)),
    violations: (query) => guard(violationsOf(reading, query)),
  }
}
