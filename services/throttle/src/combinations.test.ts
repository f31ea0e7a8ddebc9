/** Limits by any combination of the four owners, counting anything: which messages share a bucket, and what it costs, against a model. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Limit, throttleLimits } from '@sallyport/policy'
import fc from 'fast-check'
import { claimsOf } from './claims.ts'

/** Addresses, and whose organization they are of by the public suffix list. */
const recipients = [
  ['a@one.example', 'one.example'],
  ['b@mail.one.example', 'one.example'],
  ['c@MX.Two.co.uk', 'two.co.uk'],
  ['d@two.co.uk', 'two.co.uk'],
  ['e@three.co.uk', 'three.co.uk'],
  ['f@shop.github.io', 'shop.github.io'],
  ['g@other.github.io', 'other.github.io'],
] as const
/** Addresses, and their domains. */
const senders = [
  ['x@billing.example.com', 'billing.example.com'],
  ['y@billing.example.com', 'billing.example.com'],
  ['x@example.com', 'example.com'],
  ['', '<>'],
] as const
interface Sent {
  readonly application: string
  readonly sender: readonly [address: string, domain: string]
  readonly to: readonly (readonly [address: string, organization: string])[]
  readonly contentBytes: number
}
const sent: fc.Arbitrary<Sent> = fc.record({
  application: fc.constantFrom('billing', 'crm'),
  sender: fc.constantFrom(...senders),
  to: fc.array(fc.constantFrom(...recipients), { minLength: 1, maxLength: 6 }),
  contentBytes: fc.integer({ min: 1, max: 50_000 }),
})
const owners = ['application', 'sender', 'sender-domain', 'recipient-domain'] as const
interface Limited extends Limit {
  readonly per: (typeof owners)[number][]
}
const limit: fc.Arbitrary<Limited> = fc.record({
  per: fc.shuffledSubarray([...owners], { minLength: 1 }),
  count: fc.constantFrom('messages', 'recipients', 'bytes'),
  rate: fc.constantFrom('10/m', '100/h', '1000/d'),
  burst: fc.constant(500),
})

/** Each bucket by what it stands for, and how much of it the message counts; in the order in which the organizations come. */
function modelled({ application, sender, to, contentBytes }: Sent, { per, count, rate }: Limited): ReadonlyMap<string, number> {
  const has = (owner: (typeof owners)[number]): boolean => per.includes(owner)
  const named = owners.slice(1).filter(has)
  const counted = new Map<string, number>()
  for (const [, organization] of to) {
    const values = [has('sender') && sender[0], has('sender-domain') && sender[1], has('recipient-domain') && organization]
    const bucket = JSON.stringify([application, count, rate, named, values])
    counted.set(bucket, count === 'messages' ? 1 : count === 'bytes' ? contentBytes : (counted.get(bucket) ?? 0) + 1)
  }
  return counted
}

test('two messages share a bucket if and only if they agree in all that the limit names, and each counts what it is', () => {
  fc.assert(
    fc.property(fc.array(sent, { maxLength: 4 }), fc.array(limit, { maxLength: 4 }), (messages, limits) => {
      const [nameOf, bucketOf] = [new Map<string, string>(), new Map<string, string>()]
      for (const each of limits) {
        const read = throttleLimits({ mode: 'enforce', limits: [each] })
        for (const message of messages) {
          const to = message.to.map(([address], index) => ({ index, address }))
          const claims = claimsOf(
            { application: message.application, sender: message.sender[0], recipients: to },
            message,
            read,
            'enforce',
          )
          const wanted = [...modelled(message, each)]
          assert.deepEqual(
            claims.map(({ cost }) => cost),
            wanted.map(([, cost]) => cost),
          )
          for (const [index, [bucket]] of wanted.entries()) {
            const name = `${message.application}: ${claims[index]?.name}`
            assert.equal(nameOf.get(bucket) ?? name, name, 'one bucket, two names')
            assert.equal(bucketOf.get(name) ?? bucket, bucket, 'two buckets of one name')
            nameOf.set(bucket, name)
            bucketOf.set(name, bucket)
          }
        }
      }
    }),
    { numRuns: 500 },
  )
})
