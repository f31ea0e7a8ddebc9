/** One form of the gateway under load: throughput, latency, and who uses the processor. */
import { eventually } from '@sallyport/testkit'
import { enforcedAddress } from '../../distributed/cluster/policy.ts'
import { type Promised, startLoad } from '../../process/load.ts'
import { cpuSeconds } from '../processes.ts'
import { type Form, type FormOptions, type StartedForm, startForm } from './started-form.ts'

export interface FormRow {
  readonly form: Form
  readonly messages: number
  /** Until the last is at the next hop, with 20 clients. */
  readonly perSecond: number
  /** DATA→250, ms: one client, and 20 clients. */
  readonly oneClient: Latency
  readonly manyClients: Latency
  /** CPU seconds for 1,000 messages, by process. */
  readonly cpuSecondsPer1000: Readonly<Record<string, number>>
}

export interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
}

const clients = 20
const warmup = 1_500
const alone = 300

export async function measureForm(form: Form, messages: number, options: FormOptions = {}): Promise<FormRow> {
  const started = await startForm(form, options)
  try {
    await send(started, clients, warmup)
    const oneClient = latencyOf((await send(started, 1, alone)).promised)
    const cpuOf = (): [string, number][] => Object.entries(started.pids).map(([name, pid]) => [name, cpuSeconds(pid)])
    const before = new Map(cpuOf())
    const { promised, perSecond } = await send(started, clients, messages)
    const used = cpuOf().map(([name, seconds]) => [
      name,
      Number((((seconds - (before.get(name) ?? 0)) * 1_000) / promised.length).toFixed(3)),
    ])
    return { form, messages, perSecond, oneClient, manyClients: latencyOf(promised), cpuSecondsPer1000: Object.fromEntries(used) }
  } finally {
    await started.stop()
  }
}

async function send({ port, sink }: StartedForm, clients: number, messages: number) {
  const began = performance.now()
  const load = startLoad({ port: () => port, clients, messages, localAddress: enforcedAddress, bodyBytes: () => 10_240 })
  await load.ended
  if (load.refused.size > 0) throw new Error(`refused: ${JSON.stringify([...load.refused])}`)
  const { promised } = load
  await eventually(() => promised.every(({ token }) => sink.received.has(token)), { deadlineMs: 120_000 })
  return { promised, perSecond: Math.round((promised.length * 1_000) / (performance.now() - began)) }
}

function latencyOf(promised: readonly Promised[]): Latency {
  const times = promised.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  const at = (share: number): number => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(2))
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}
