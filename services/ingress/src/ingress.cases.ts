/** A running ingress for tests, with every other role played by the test. */
import assert from 'node:assert/strict'
import {
  type Action,
  annotationCodec,
  type Contribution,
  type Decided,
  decidedCodec,
  type Opened,
  type Received,
  receivedCodec,
  topics,
  type Undecided,
  type Verdict,
} from '@sallyport/contracts'
import { compilePolicy, type PolicyDocument } from '@sallyport/policy'
import type { Hand } from '@sallyport/runtime'
import {
  eventually,
  type MemoryContent,
  type MemoryReplies,
  memoryContent,
  memoryReplies,
  type SmtpClient,
  type SmtpClientOptions,
  smtpClient,
  type TestPorts,
  type TestPortsOverrides,
  testCertificates,
  testPorts,
} from '@sallyport/testkit'
import type { IngressSettings, ListenerSettings } from './settings.ts'
import { type RunningIngress, startIngress } from './start-ingress.ts'

export const enforced = { domain: { mode: 'enforce' }, address: { mode: 'enforce' } } as const

type Application = PolicyDocument['applications'][number]

export const application = (over: Partial<Application> = {}): Application => ({
  name: 'billing',
  owner: 'owner@example.com',
  from: { networks: ['127.0.0.0/8'] },
  checks: enforced,
  ...over,
})

export const policyDocument = (applications: readonly Application[], over: Partial<PolicyDocument> = {}): PolicyDocument => ({
  organization: { name: 'Example', domains: ['example.com'], networks: ['127.0.0.0/8'] },
  applications: [...applications],
  routes: { default: { capture: true } },
  ...over,
})

export const message = 'From: a@example.com\r\nTo: b@example.org\r\nSubject: hello\r\nMessage-ID: <1@example.com>\r\n\r\nbody\r\n'

export interface PlayOptions {
  readonly applications?: readonly Application[]
  readonly document?: PolicyDocument
  readonly settings?: Partial<IngressSettings>
  readonly listener?: Partial<ListenerSettings>
  readonly ports?: TestPortsOverrides
  readonly refund?: (messageId: string) => void
  readonly hand?: Hand
  readonly explanationLink?: (messageId: string) => string
  /** Answers every question with this verdict. Default relay; undefined answers nothing. */
  readonly verdict?: ((received: Received) => Verdict | undefined) | undefined
}

export interface Play {
  readonly ports: TestPorts
  readonly content: MemoryContent
  readonly replies: MemoryReplies
  readonly ingress: RunningIngress
  readonly port: number
  client(options?: Partial<SmtpClientOptions>): Promise<SmtpClient>
  /** A client that has said EHLO. */
  ready(options?: Partial<SmtpClientOptions>): Promise<SmtpClient>
  sendVerdict(id: string, verdict: Verdict): Promise<void>
  /** Resolves when the message of this number (from 0 on) has been asked about. */
  asked(number: number): Promise<Opened>
  opened(): readonly Opened[]
  received(): readonly { readonly record: Received; readonly bytes: Uint8Array }[]
  decided(): readonly { readonly record: Decided; readonly bytes: Uint8Array; readonly isDurable: boolean }[]
  undecided(): readonly {
    readonly record: Undecided
    readonly bytes: Uint8Array
    readonly isDurable: boolean
    readonly partition: number
  }[]
  stop(): Promise<void>
}

export const contribution = (check: string, over: Partial<Contribution> = {}): Contribution => ({
  check,
  mode: 'enforce',
  outcome: 'pass',
  action: 'relay',
  rules: [],
  ...over,
})

export const verdict = (action: Action, over: Partial<Verdict> = {}): Verdict => ({
  action,
  decidedBy: action === 'relay' ? [] : ['domain'],
  wouldBe: { action, by: action === 'relay' ? [] : ['domain'] },
  contributions: [
    contribution('domain', action === 'relay' ? {} : { outcome: 'fail', action, rules: ['domain.no'], text: 'not your domain' }),
    contribution('address'),
  ],
  policyRevision: 1,
  ...over,
})

const certificates = testCertificates()
export const tlsTexts = { certificate: certificates.server.cert, key: certificates.server.key, clientCa: certificates.ca }

export async function play(options: PlayOptions = {}): Promise<Play> {
  const document = options.document ?? policyDocument(options.applications ?? [application()])
  const ports = testPorts({ compiled: compilePolicy(document, 1), ...options.ports })
  const content = memoryContent()
  const replies = memoryReplies()
  const answer = 'verdict' in options ? options.verdict : () => verdict('relay')
  if (answer) {
    await ports.bus.consume({
      group: 'played-verdict',
      topics: [topics.annotations.name],
      handle: async ({ key, value }) => {
        const record = value === null ? undefined : annotationCodec.decode(value).record
        if (record?.kind !== 'opened' || record.replyTo === null) return
        const asked = received().find(({ record }) => record.message.id === key)?.record
        const given = asked && answer(asked)
        if (given) await replies.send(record.replyTo.channel, ports.signer.sign({ v: 1, id: key, verdict: given }))
        else if (!asked) throw new Error('not asked yet')
      },
    })
  }
  const ingress = await startIngress(
    { ...ports, content, replies, refund: options.refund, hand: options.hand, explanationLink: options.explanationLink },
    {
      listeners: [{ host: '127.0.0.1', port: 0, tls: 'off', proxy: false, ...options.listener }],
      proxyNetworks: ['127.0.0.0/8'],
      hostname: 'gateway.example.com',
      maxConnections: 100,
      maxMessageBytes: 10_000_000,
      maxUnsettled: 100,
      budgetMs: 20_000,
      idleMs: 60_000,
      drainMs: 2_000,
      bareLineEnds: 'normalize',
      tickMs: 5,
      ...(options.listener?.tls === undefined || options.listener.tls === 'off' ? {} : { tls: tlsTexts }),
      ...options.settings,
    },
  )
  const port = Number(ingress.addresses.smtp.split(':').at(-1))
  const clients: SmtpClient[] = []
  const client: Play['client'] = async (over = {}) => {
    const made = await smtpClient({ port, ...over })
    clients.push(made)
    return made
  }
  const received = (): Decoded<Received>[] => decode(ports, topics.received.name, (value) => receivedCodec.decode(value))
  const annotations = () => decode(ports, topics.annotations.name, (value) => annotationCodec.decode(value))
  const opened = (): Opened[] => annotations().flatMap(({ record }) => (record.kind === 'opened' ? [record] : []))
  return {
    ports,
    content,
    replies,
    ingress,
    port,
    client,
    async ready(over) {
      const made = await client(over)
      await made.ehlo()
      return made
    },
    sendVerdict: async (id, given) => {
      const channel = annotations().find(({ record }) => record.kind === 'opened' && record.id === id)?.record
      assert.ok(channel?.kind === 'opened' && channel.replyTo)
      await replies.send(channel.replyTo.channel, ports.signer.sign({ v: 1, id, verdict: given }))
    },
    asked: (number) => eventually(() => (received()[number] === undefined ? undefined : opened()[number])),
    opened,
    received,
    decided: () => decode(ports, topics.decided.name, (value) => decidedCodec.decode(value)),
    undecided: () => annotations().flatMap(({ record, ...rest }) => (record.kind === 'undecided' ? [{ record, ...rest }] : [])),
    async stop() {
      for (const open of clients) open.end()
      await ingress.stop()
      await ports.bus.close()
    },
  }
}

interface Decoded<T> {
  readonly record: T
  readonly bytes: Uint8Array
  readonly isDurable: boolean
  readonly partition: number
}

function decode<T>(ports: TestPorts, topic: string, one: (value: Uint8Array) => { record: T; bytes: Uint8Array }): Decoded<T>[] {
  return ports.bus.records(topic).flatMap((record) => {
    if (record.value === null) return []
    return [{ ...one(record.value), isDurable: ports.bus.isDurable(record), partition: record.partition }]
  })
}
