/** Each checker alone, with one process and with two: how many messages it annotates in a second, fed through the bus without ingress. */
import { openKafkaBus } from '@sallyport/bus'
import { annotationCodec, newMessageId, receivedCodec, topics } from '@sallyport/contracts'
import { eventually, silentLogger } from '@sallyport/testkit'
import { checkers, startCluster } from '../../distributed/cluster/cluster.ts'
import { cpuSeconds } from '../processes.ts'
import { messageOf } from '../workload.ts'

export interface CheckerRow {
  readonly checker: string
  readonly processes: number
  readonly perSecond: number
  readonly cpuSecondsPer1000: number
}

const checkOf: Readonly<Record<string, string>> = {
  'domain-check': 'domain',
  'address-check': 'address',
  'spam-scoring': 'spam',
  throttle: 'throttle',
}
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'

/** Also until the group has shared out the partitions. */
const warmup = 1_000

export async function checkerRates(messages: number, rounds: number, say: (row: unknown) => void): Promise<readonly CheckerRow[]> {
  const rows: CheckerRow[] = []
  for (let round = 0; round < rounds; round++) {
    for (const checker of checkers) {
      for await (const row of measured(checker, messages)) {
        rows.push(row)
        say(row)
      }
    }
  }
  return rows
}

/** With one process, then with two. */
async function* measured(checker: string, messages: number): AsyncIterable<CheckerRow> {
  const cluster = await startCluster()
  const { kafka } = cluster.servers
  try {
    await cluster.start(['console'])
    const bus = await openKafkaBus({
      topics: Object.values(topics),
      partitions: 6,
      kafka: { brokers: kafka.bootstrap },
      replication: 1,
      instance: `bench-${process.pid}`,
      log: silentLogger(),
    })
    let annotated = 0
    let lastMs = 0
    await bus.consume({
      group: 'bench',
      topics: [topics.annotations.name],
      handle({ value }) {
        if (value && annotationCodec.decode(value).record.kind === 'annotation') {
          annotated++
          lastMs = performance.now()
        }
      },
    })
    const content = Buffer.from(messageOf('10k').replaceAll('\n', '\r\n'))
    let fed = 0
    const feed = async (count: number): Promise<void> => {
      const check = checkOf[checker] ?? ''
      await Promise.all(Array.from({ length: count }, (_, index) => bus.publish(record(check, content, index % 6))))
      fed += count
      await eventually(() => annotated >= fed, { deadlineMs: 120_000, what: `${checker} annotates ${fed} messages` })
    }
    for (const processes of [1, 2]) {
      await cluster.start([checker])
      await feed(warmup)
      const own = cluster.processes.filter(({ roles }) => roles.includes(checker))
      const cpu = (): number => own.reduce((sum, { gateway }) => sum + cpuSeconds(gateway.pid), 0)
      const before = cpu()
      const began = performance.now()
      await feed(messages)
      yield {
        checker,
        processes,
        perSecond: Math.round((messages * 1_000) / (lastMs - began)),
        cpuSecondsPer1000: Number((((cpu() - before) * 1_000) / messages).toFixed(3)),
      }
    }
    await bus.close()
  } finally {
    await cluster.stop()
  }
}

function record(check: string, content: Buffer, partition: number) {
  const id = newMessageId(Date.now())
  const headerBytes = content.indexOf('\r\n\r\n') + 4
  const value = receivedCodec.encode(
    {
      v: 1,
      kind: 'received',
      message: {
        id,
        application: 'enforced',
        policyRevision: 1,
        traceparent,
        receivedAt: Date.now(),
        client: { address: '127.0.0.2', helo: 'bench.example' },
        sender: 'app@example.com',
        recipients: [{ index: 0, address: 'someone@example.net' }],
      },
      content: { kind: 'inline', contentBytes: content.length, headerBytes },
      checks: [check],
      budgetMs: 120_000,
      annotateTo: { topic: topics.annotations.name, partition },
    },
    content,
  )
  return { topic: topics.received.name, key: id, headers: { traceparent }, value }
}
