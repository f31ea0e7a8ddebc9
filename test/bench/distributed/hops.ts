/** Where the time of a reply goes, hop by hop: from the traces of messages sent one at a time, as a real Jaeger has them. */
import { eventually } from '@sallyport/testkit'
import { enforcedAddress } from '../../distributed/cluster/policy.ts'
import { sendOne } from '../../distributed/cluster/send-one.ts'
import { type JaegerSpan, type JaegerTrace, startJaeger } from '../../infra/jaeger.ts'
import { median } from '../median.ts'
import { type Form, startForm } from './started-form.ts'

export interface HopRow {
  readonly form: Form
  readonly hop: string
  readonly p50Ms: number
}

const messages = 150
const warmup = 100

export async function measureHops(form: Form): Promise<readonly HopRow[]> {
  const jaeger = await startJaeger()
  const started = await startForm(form, { settings: { 'tracing.endpoint': jaeger.endpoint, 'tracing.ratio': '1' } })
  try {
    const ids: string[] = []
    for (let index = 0; index < warmup + messages; index++) {
      const token = `hop-${form}-${index}`
      const { id } = await sendOne({ port: started.port, localAddress: enforcedAddress, token, bodyBytes: 10_240 })
      if (index >= warmup) ids.push(id)
    }
    const service = form === 'embedded' ? 'sallyport' : 'sallyport-ingress'
    const all: NonNullable<ReturnType<typeof hopsOf>>[] = []
    for (const id of ids) {
      const look = async () => hopsOf((await jaeger.find(service, { 'mail.message.id': id }))[0])
      all.push(await eventually(look, { deadlineMs: 60_000, what: 'the trace of a message' }))
    }
    const names = [...new Set(all.flatMap((hops) => Object.keys(hops)))]
    return names.map((hop) => ({ form, hop, p50Ms: rounded(all.map((hops) => hops[hop] ?? Number.NaN)) }))
  } finally {
    await started.stop()
    await jaeger.stop()
  }
}

const hopNames = [
  'content whole → asked (publish begins)',
  'mail.received: publish → first checker begins',
  'first checker begins → last checker has judged',
  'mail.annotations: last annotation → verdict',
  'verdict → ingress hears it',
  'mail.decided: durable publish',
  'in all: DATA → 250',
] as const

/** Undefined while spans are missing. ms. */
function hopsOf(trace: JaegerTrace | undefined): Readonly<Partial<Record<string, number>>> | undefined {
  const spans = trace?.spans ?? []
  const named = (name: string): readonly JaegerSpan[] => spans.filter(({ operationName }) => operationName === name)
  const [root] = named('smtp transaction')
  const [wait] = named('wait for the verdict')
  const [received] = named('send mail.received')
  const [verdict] = named('verdict')
  const [decided] = named('send mail.decided')
  const handled = named('process mail.received')
  const checks = spans.filter(({ operationName }) => operationName.startsWith('check '))
  if (!root || !wait || !received || !verdict || !decided || checks.length < 4 || handled.length < 4) return undefined
  const end = ({ startTime, duration }: JaegerSpan): number => startTime + duration
  const first = Math.min(...handled.map(({ startTime }) => startTime))
  const judged = Math.max(...checks.map(end))
  const between = (from: number, to: number): number => (to - from) / 1_000
  const sum = [
    between(root.startTime, received.startTime),
    between(received.startTime, first),
    between(first, judged),
    between(judged, verdict.startTime),
    between(verdict.startTime, end(wait)),
    decided.duration / 1_000,
    root.duration / 1_000,
  ]
  const ofChecks = checks.flatMap((check) => [
    [`mail.received: publish → ${check.operationName} begins`, between(received.startTime, check.startTime)],
    [check.operationName, check.duration / 1_000],
  ])
  return Object.fromEntries([...hopNames.map((name, index) => [name, sum[index]]), ...ofChecks])
}

const rounded = (values: readonly number[]): number => Number(median(values).toFixed(2))
