/** What people ask the records, and how long it takes. */
import type { MessageQuery, Records } from '@sallyport/records'
import { addressOfPerson, type Told } from './day-of-mail.ts'

export interface Timed {
  readonly question: string
  readonly asked: number
  /** ms. */
  readonly p50: number
  readonly p95: number
  readonly max: number
}

const runs = 60
const day = 86_400_000

export async function timeQuestions(records: Records, known: readonly Told[], newestAt: number): Promise<Timed[]> {
  const some = (index: number): Told => known[(index * 7919) % known.length] ?? fail()
  const since = (days: number) => newestAt - days * day
  const search = (query: (told: Told, index: number) => MessageQuery) => (index: number) =>
    records.messages(query(some(index), index))
  const questions: readonly (readonly [string, (index: number) => Promise<unknown>])[] = [
    ['a message by its id, everything', (index) => records.message(some(index).id)],
    ['id begins with 10 digits', search(({ id }) => ({ id: id.slice(0, 11) }))],
    ['Message-ID', search(({ messageId }) => ({ messageId }))],
    ['the newest 50', search(() => ({}))],
    ['a day, three weeks ago', search(() => ({ since: since(22), until: since(21) }))],
    ['application', search(({ application }) => ({ application }))],
    ['application, a day two weeks ago', search(({ application }) => ({ application, since: since(15), until: since(14) }))],
    ['recipient who gets much', search((_, index) => ({ recipient: addressOfPerson(index) }))],
    ['recipient who gets little', search((_, index) => ({ recipient: addressOfPerson(390_000 + index) }))],
    ['recipient nobody wrote to', search((_, index) => ({ recipient: `nobody${index}@example.net` }))],
    ['recipient domain', search(() => ({ recipient: '@d17.example' }))],
    ['sender', search(({ sender }) => ({ sender }))],
    ['sender domain', search(() => ({ sender: '@elsewhere.example' }))],
    ['check', search((_, index) => ({ check: ['domain', 'address', 'spam', 'throttle'][index % 4] }))],
    ['application and check', search(() => ({ application: 'crm', check: 'domain' }))],
    ['verdict', search(() => ({ verdict: 'reject' }))],
    ['application and verdict', search(() => ({ application: 'billing', verdict: 'reject' }))],
    ['would have been refused', search(() => ({ application: 'monitoring', verdict: 'would-refuse' }))],
    ['status failed', search(() => ({ status: 'failed' }))],
    ['sender and recipient', search(({ sender, recipient }) => ({ sender, recipient }))],
    ['recipient domain and verdict', search(() => ({ recipient: '@example.net', verdict: 'reject' }))],
    ['sender, check and day', search(() => ({ sender: '@elsewhere.example', check: 'domain', since: since(9), until: since(8) }))],
    ['40 pages of an application, all 40 questions', (index) => deepPage(records, some(index).application)],
    [
      'statistics: verdicts by application, 7 days',
      () => records.statistics({ of: 'messages', by: ['application', 'verdict'], since: since(7) }),
    ],
    [
      'statistics: an application by hour, 7 days',
      () => records.statistics({ of: 'messages', by: [], application: 'crm', step: 'hour', since: since(7) }),
    ],
    [
      'statistics: checks by mode and outcome by day, 30 days',
      () => records.statistics({ of: 'checks', by: ['check', 'mode', 'outcome'], step: 'day', since: since(30) }),
    ],
    [
      'statistics: an application by day, 30 days',
      () => records.statistics({ of: 'messages', by: ['verdict'], application: 'crm', step: 'day', since: since(30) }),
    ],
    ['applications with violations, 7 days', () => records.applications({ since: since(7) })],
    ['applications with violations, 30 days', () => records.applications({ since: since(30) })],
    ['identities of an application, 30 days', () => records.identities({ application: 'crm', since: since(30) })],
    ['readiness of an application, 7 days', () => records.readiness({ application: 'monitoring' })],
    [
      'violations of three applications, 1 day',
      () => records.violations({ applications: ['crm', 'monitoring', 'billing'], since: since(1) }),
    ],
    ['violations of all applications by rule, 30 days', () => records.violations({ by: 'rule', since: since(30) })],
    ['violations of an application, 30 days', () => records.violations({ applications: ['crm'], since: since(30) })],
    ['what is kept', () => records.state()],
  ]
  const timed: Timed[] = []
  for (const [question, ask] of questions) {
    const times: number[] = []
    for (let index = 0; index < runs; index++) {
      const begin = performance.now()
      await ask(index)
      times.push(performance.now() - begin)
    }
    times.sort((left, right) => left - right)
    const at = (share: number): number => Math.round((times[Math.min(runs - 1, Math.floor(share * runs))] ?? 0) * 10) / 10
    timed.push({ question, asked: runs, p50: at(0.5), p95: at(0.95), max: at(1) })
  }
  return timed
}

const fail = (): never => {
  throw new Error('no message is known')
}

async function deepPage(records: Records, application: string): Promise<void> {
  let cursor: string | undefined
  for (let page = 0; page < 40; page++) {
    const { next } = await records.messages({ application, ...(cursor === undefined ? {} : { cursor }) })
    if (next === null) return
    cursor = next
  }
}
