/** The API on ports in memory and a real SQLite file, asked by `app.inject`. */
import { eventCodec, type Held, heldCodec, type MailEvent, newMessageId, topics } from '@sallyport/contracts'
import { compilePolicy, parsePolicy } from '@sallyport/policy'
import { openSqliteRecords } from '@sallyport/records'
import type { SeenProcess } from '@sallyport/runtime'
import { memoryContent, memoryLedger, memoryLimiter, temporaryFolder, testPorts } from '@sallyport/testkit'
import { openAuditLog } from '../audit-log.ts'
import { auditedPublisher } from '../audited-publisher.ts'
import { settledEvent } from '../events.cases.ts'
import { liveView } from '../live/live-view.ts'
import { openLogLevelBook } from '../log-level.ts'
import { policyText } from '../policy.cases.ts'
import { createPolicyPublisher } from '../policy-publisher.ts'
import { followQuarantine } from '../quarantine-view.ts'
import { openOrderBook } from '../queue/order-book.ts'
import { followQueue } from '../queue/queue-view.ts'
import { oneToken } from '../tokens.ts'
import { createApi } from './server.ts'

interface Question {
  readonly method?: 'GET' | 'PUT' | 'POST'
  readonly url: string
  readonly headers?: Record<string, string>
  readonly body?: string | object
}

export async function apiStage(policySource: 'api' | 'file' = 'api') {
  const folder = temporaryFolder()
  const checked = parsePolicy(policyText('compiled'))
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults))
  const ports = testPorts({ compiled: compilePolicy(checked.document, 7) })
  const records = await openSqliteRecords({ path: folder.join('records.db') })
  const limiter = memoryLimiter({ elapsed: () => 0 })
  const audit = await openAuditLog(ports)
  const publisher = auditedPublisher(await createPolicyPublisher(ports), audit)
  const quarantine = await followQuarantine(ports.bus, ports.log)
  const processes: SeenProcess[] = []
  const presence = { processes: () => processes }
  const content = memoryContent()
  const ledger = memoryLedger()
  const orders = await openOrderBook(ports)
  const logLevel = await openLogLevelBook(ports)
  const queue = followQueue({ ...ports, ledger })
  const live = liveView(ports.clock)
  const app = createApi(
    {
      ports: { ...ports, presence },
      records,
      content,
      ledger,
      limiter,
      publisher,
      quarantine,
      queue,
      orders,
      audit,
      live,
      logLevel,
    },
    {
      callerOf: (authorization, author) =>
        oneToken('t0ken')(authorization, author) ?? oneToken('v1ewer', 'viewer')(authorization, author),
      policySource,
      policyFile: '/etc/policy.yaml',
      publicUrl: 'https://mail.example.com',
      tracesUrl: 'https://traces.example.com/',
    },
  )
  await app.ready()
  const append = (events: readonly MailEvent[]): Promise<void> =>
    records.append(events.map((event) => ({ event, json: eventCodec.encode(event).subarray(4), partition: 0, offset: 1 })))
  return {
    app,
    ports,
    /** Those that are seen; empty at first. */
    processes,
    publisher,
    limiter,
    audit,
    content,
    ledger,
    orders,
    queue,
    live,
    ask: ({ method = 'GET', url, headers = {}, body }: Question) =>
      app.inject({
        method,
        url,
        headers: {
          authorization: 'Bearer t0ken',
          ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'object' ? JSON.stringify(body) : body }),
      }),
    async remember(id: string, application?: string, at?: number): Promise<void> {
      await append([settledEvent(id, application, at)])
    },
    append: (...events: MailEvent[]) => append(events),
    async hold(at: number, application = 'billing'): Promise<string> {
      const id = newMessageId()
      const held: Held = {
        v: 1,
        kind: 'held',
        message: {
          id,
          application,
          policyRevision: 7,
          traceparent: '',
          receivedAt: at,
          client: { address: '10.1.0.9', helo: 'app' },
          sender: 'invoices@example.com',
          recipients: [
            { index: 0, address: 'a@example.net' },
            { index: 1, address: 'b@example.net' },
          ],
        },
        content: { kind: 'stored', key: id, sha256: '0'.repeat(64), contentBytes: 900, headerBytes: 20 },
        cause: 'verdict',
        explanation: 'score 9 of 8',
        verdict: null,
        verifiedSender: 'yes',
        remaining: [1],
        heldAt: at,
        expiresAt: at + 1_000,
        onExpiry: 'drop',
      }
      await ports.bus.publish({ topic: topics.held.name, key: id, value: heldCodec.encode(held) })
      return id
    },
    async close(): Promise<void> {
      await app.close()
      await records.close()
      folder.remove()
    },
  }
}
