import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action, Contribution, Verdict } from '@sallyport/contracts'
import { anyText } from '@sallyport/testkit/any-text'
import fc from 'fast-check'
import { replyLine, smtpReplyFor } from './reply.ts'

const id = '019abcde-0000-7000-8000-000000000000'
const contribution = (check: string, action: Action, more: Partial<Contribution> = {}): Contribution => ({
  check,
  mode: 'enforce',
  outcome: 'fail',
  action,
  rules: [`${check}.not-authorized`],
  text: `the ${check} is not authorized`,
  ...more,
})

function verdict(action: Action, contributions: Contribution[], waitMs?: number): Verdict {
  const decidedBy = contributions.filter((one) => one.action === action).map(({ check }) => check)
  return {
    action,
    decidedBy,
    wouldBe: { action, by: decidedBy },
    contributions,
    policyRevision: 3,
    ...(waitMs === undefined ? {} : { waitMs }),
  }
}

const domain = contribution('domain', 'reject')
const address = contribution('address', 'reject')
const cases: readonly (readonly [string, Verdict, string])[] = [
  ['relay', verdict('relay', []), `250 2.6.0 accepted ${id}`],
  ['hold says nothing of itself', verdict('hold', [contribution('spam', 'hold')]), `250 2.6.0 accepted ${id}`],
  ['reject', verdict('reject', [domain]), `550 5.7.1 the domain is not authorized (domain.not-authorized) ${id}`],
  [
    'two reasons, without that of the check that did not decide',
    verdict('reject', [address, domain, contribution('throttle', 'defer')]),
    `550 5.7.1 the address is not authorized; the domain is not authorized (address.not-authorized, domain.not-authorized) ${id}`,
  ],
  [
    'what two checks say alike is said once, and sentences are parted as sentences',
    verdict('reject', [
      contribution('address', 'reject', { text: 'From has no address in it.' }),
      contribution('domain', 'reject', { text: 'From has no address in it.' }),
      contribution('spam', 'reject', { text: 'An attachment is a program.' }),
    ]),
    `550 5.7.1 From has no address in it. An attachment is a program. (address.not-authorized, domain.not-authorized, spam.not-authorized) ${id}`,
  ],
  [
    'defer',
    verdict('defer', [contribution('domain', 'defer', { outcome: 'unavailable', rules: ['domain.no-answer'], text: 'no answer' })]),
    `451 4.7.1 try again later: no answer (domain.no-answer) ${id}`,
  ],
  [
    'defer with a wait',
    verdict('defer', [contribution('throttle', 'defer', { text: 'too much' })], 1200),
    `451 4.7.1 try again in 2 s: too much (throttle.not-authorized) ${id}`,
  ],
  [
    'line ends, controls and non-ASCII',
    verdict('reject', [contribution('domain', 'reject', { text: 'a\r\n250 ok\0\u001b[31m b\u00fccher\u{1f600}' })]),
    `550 5.7.1 a 250 ok??[31m b?cher? (domain.not-authorized) ${id}`,
  ],
  [
    'a check without words',
    verdict('reject', [{ check: 'virus', mode: 'enforce', outcome: 'fail', action: 'reject', rules: [] }]),
    `550 5.7.1 the check "virus" says no (virus) ${id}`,
  ],
  [
    'many rules',
    verdict('reject', [contribution('spam', 'reject', { text: 'spam', rules: ['a', 'b', 'c', 'd', 'e', 'f'] })]),
    `550 5.7.1 spam (a, b, c, d and 2 more) ${id}`,
  ],
]

for (const [what, judged, line] of cases) test(`${what}`, () => assert.equal(replyLine(smtpReplyFor(judged, id)), line))

test('the link stands before the id', () => {
  const link = 'https://mail.example.com/why/0123456789abcdef'
  assert.equal(
    smtpReplyFor(verdict('reject', [domain]), id, { link }).text,
    `the domain is not authorized (domain.not-authorized) ${link} ${id}`,
  )
  assert.equal(smtpReplyFor(verdict('relay', []), id, { link }).text, `accepted ${id}`)
})

test('any verdict gives one printable line of at most 510 octets that ends with the id', () => {
  const text = anyText(700)
  const links = fc
    .tuple(fc.constantFrom('http', 'https'), fc.domain(), fc.array(anyText(20), { maxLength: 8 }))
    .map(([scheme, host, path]) => `${scheme}://${[host, ...path.map(encodeURIComponent)].join('/')}`)
  const contributions = fc.array(
    fc
      .record({ check: fc.string(), text, rules: fc.array(text, { maxLength: 8 }) })
      .map(({ check, ...more }) => contribution(check, 'reject', more)),
    { minLength: 1, maxLength: 6 },
  )
  fc.assert(
    fc.property(
      contributions,
      links,
      fc.constantFrom<Action>('reject', 'defer'),
      fc.option(fc.nat()),
      (found, link, action, waitMs) => {
        const judged = verdict(
          action,
          found.map((one) => ({ ...one, action })),
          waitMs ?? undefined,
        )
        const line = replyLine(smtpReplyFor(judged, id, { link }))
        assert.match(line, /^(?:550 5|451 4)\.7\.1 [\x20-\x7e]+$/)
        assert.ok(Buffer.byteLength(line) <= 510, line)
        assert.ok(line.endsWith(id))
      },
    ),
  )
})
