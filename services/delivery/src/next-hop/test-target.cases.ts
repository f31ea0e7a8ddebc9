/** A client and a target for tests of next hops. */
import { systemClock } from '@sallyport/runtime'
import { exampleContent } from '../test-job.cases.ts'
import type { Hop, SmarthostTarget, Transaction } from './next-hop.ts'
import { type SmtpClient, type SmtpClientOptions, smtpClient } from './smtp-client.ts'

export function testClient(changes: Partial<SmtpClientOptions> = {}): SmtpClient {
  return smtpClient({
    hostname: 'gateway.example.com',
    clock: systemClock,
    secrets: { read: async () => 'pass word' },
    limits: { connectMs: 1_000, greetingMs: 1_000, commandMs: 1_000, blockMs: 1_000, finalMs: 1_000 },
    idleMs: 10_000,
    maxAgeMs: 60_000,
    avoidHopMs: 10_000,
    onHopFailure: () => {},
    ...changes,
  })
}

export const target = (hops: readonly Hop[], changes: Partial<SmarthostTarget> = {}): SmarthostTarget => ({
  key: 'test',
  hops,
  tls: 'opportunistic',
  connections: 20,
  pipelining: true,
  ...changes,
})

export function transaction(changes: Partial<Transaction> = {}, content: Uint8Array = exampleContent): Transaction {
  return {
    sender: 'invoices@example.com',
    recipients: [{ index: 0, address: 'kunde@example.net' }],
    contentBytes: content.length,
    content: () => content,
    is8Bit: false,
    needsSmtpUtf8: false,
    ...changes,
  }
}

export const recipients = (...addresses: readonly string[]) => addresses.map((address, index) => ({ index, address }))
