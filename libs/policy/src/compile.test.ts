import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { compilePolicy } from './compile.ts'
import type { ClientEvidence, CompiledPolicy } from './compiled.ts'
import { parsePolicy } from './parse.ts'

function compiled(text: string, revision = 7): CompiledPolicy {
  const checked = parsePolicy(text)
  assert.deepEqual(checked.ok ? [] : checked.faults, [])
  assert.ok(checked.ok)
  return compilePolicy(checked.document, revision)
}

const fingerprint = 'ab'.repeat(32)
const policy = compiled(`
organization: { name: Example, domains: ["*.example.com", example.com], networks: [10.0.0.0/8, "2001:db8::/32"] }
unregistered: { mode: monitor }
defaults:
  plusAddressing: false
  checks:
    domain: { mode: enforce, whenUnavailable: hold }
    spam: { mode: monitor, holdAt: 8, rejectAt: 15 }
    throttle: { mode: "off" }
applications:
  - name: wide
    owner: wide@example.com
    from: { networks: [10.1.0.0/16, "2001:db8:1::/48"] }
  - name: narrow
    owner: narrow@example.com
    from: { networks: [10.1.2.0/24, 192.0.2.1, "2001:db8:1:2::/64"] }
    senders: { domains: [bücher.example] }
    checks:
      domain: { mode: monitor }
      spam: { mode: enforce, rejectAt: 20 }
      address: { mode: "off" }
  - name: known
    owner: known@example.com
    from:
      auth: [{ user: Known, secret: known-hash }]
      certificates: ["${fingerprint.toUpperCase().replace(/(..)(?=.)/g, '$1:')}", Relay.Known.example]
    expiry: 12h
    class: bulk
routes: { default: { capture: true }, out: { smarthost: "mx.example.com:25" } }
`)

const known = { authIdentity: 'Known' }
const byName = (...names: string[]) => ({ certificate: { fingerprint: 'cd'.repeat(32), names } })
const clients: readonly (readonly [string, ClientEvidence, string | undefined])[] = [
  ['a network', { address: '10.1.9.9' }, 'wide'],
  ['the longest network', { address: '10.1.2.3' }, 'narrow'],
  ['a single address', { address: '192.0.2.1' }, 'narrow'],
  ['its neighbour', { address: '192.0.2.0' }, undefined],
  ['IPv4-mapped IPv6', { address: '::ffff:10.1.2.3' }, 'narrow'],
  ['IPv4-mapped IPv6 in hex', { address: '::ffff:a01:203' }, 'narrow'],
  ['IPv6', { address: '2001:DB8:1::5' }, 'wide'],
  ['longer IPv6', { address: '2001:db8:1:2::5' }, 'narrow'],
  ['IPv6 with a zone', { address: '2001:db8:1:2::5%eth0' }, 'narrow'],
  ['our own network', { address: '10.9.9.9' }, 'unregistered'],
  ['our own IPv6 network', { address: '2001:db8:ffff::1' }, 'unregistered'],
  ['a stranger', { address: '203.0.113.9' }, undefined],
  ['an IPv6 stranger', { address: '2001:db9::1' }, undefined],
  ['no address', { address: '' }, undefined],
  ['what is no address', { address: 'localhost' }, undefined],
  ['AUTH before network', { address: '10.1.2.3', ...known }, 'known'],
  ['AUTH from anywhere', { address: '203.0.113.9', ...known }, 'known'],
  ['AUTH in other case', { address: '203.0.113.9', authIdentity: 'known' }, undefined],
  ['a fingerprint', { address: '203.0.113.9', certificate: { fingerprint, names: [] } }, 'known'],
  ['a fingerprint before network', { address: '10.1.2.3', certificate: { fingerprint, names: [] } }, 'known'],
  ['a name in any case', { address: '203.0.113.9', ...byName('other.example', 'relay.known.EXAMPLE') }, 'known'],
  ['an unknown certificate', { address: '203.0.113.9', ...byName('x.relay.known.example', 'known.example') }, undefined],
  ['a wildcard certificate', { address: '203.0.113.9', ...byName('*.known.example') }, undefined],
  ['an unknown certificate from a known network', { address: '10.1.2.3', ...byName('other.example') }, 'narrow'],
]

for (const [what, client, expected] of clients) {
  test(`${what} is ${expected ?? 'nobody'}`, () => assert.equal(policy.findApplication(client)?.name, expected))
}

test('defaults are filled in', () => {
  const wide = policy.application('wide')
  assert.ok(wide)
  const { settings: _, mode: __, declared: ___, authorizedDomains, ...rest } = wide
  assert.deepEqual(rest, {
    name: 'wide',
    owner: 'wide@example.com',
    retries: false,
    reply: 'after-verdict',
    whenUndecided: 'accept',
    lateReject: 'hold',
    maxUnsettled: 100,
    maxWaiting: 10_000,
    maxRecipients: 1000,
    maxMessageBytes: 52_428_800,
    class: 'normal',
    route: 'default',
    expiryMs: 432_000_000,
    checks: ['address', 'domain', 'spam'],
    hasEnforcedCheck: true,
  })
  assert.deepEqual(authorizedDomains.patterns, ['*.example.com', 'example.com'])
  assert.equal(policy.holdMs, 1_209_600_000)
  assert.equal(policy.onHoldExpiry, 'drop')
  assert.equal(policy.bouncesPerHour, 20)
  assert.equal(policy.bounceFrom, 'MAILER-DAEMON@example.com')
  assert.equal(policy.revision, 7)
  assert.equal(policy.authSecret('Known'), 'known-hash')
  assert.equal(policy.authSecret('known'), undefined)
  assert.deepEqual(policy.route('out'), { smarthost: 'mx.example.com:25' })
  assert.equal(policy.route('toString'), undefined)
  assert.equal(policy.application('known')?.expiryMs, 43_200_000)
  assert.equal(policy.application('known')?.class, 'bulk')
})

test('the settings of an application stand over those of the defaults', () => {
  const narrow = policy.application('narrow')
  assert.ok(narrow)
  assert.deepEqual(narrow.checks, ['domain', 'spam'])
  assert.equal(narrow.mode('domain'), 'monitor')
  assert.equal(narrow.mode('address'), 'off')
  assert.equal(narrow.mode('throttle'), 'off')
  assert.equal(narrow.mode('never-heard-of'), 'off')
  assert.deepEqual(narrow.settings('domain'), { mode: 'monitor', whenUnavailable: 'hold', onFail: 'reject' })
  assert.deepEqual(narrow.settings('spam'), {
    mode: 'enforce',
    whenUnavailable: 'defer',
    onFail: 'reject',
    holdAt: 8,
    rejectAt: 20,
  })
  assert.deepEqual(policy.application('wide')?.settings('address'), {
    mode: 'monitor',
    whenUnavailable: 'defer',
    onFail: 'reject',
    plusAddressing: false,
    localPartCase: 'ignore',
  })
  assert.equal(narrow.authorizedDomains.matches('xn--bcher-kva.example'), 'bücher.example')
  assert.equal(narrow.authorizedDomains.matches('mail.example.com'), '*.example.com')
})

test('unregistered is monitored at most, with the domains of the organization', () => {
  const stranger = policy.application('unregistered')
  assert.ok(stranger)
  assert.equal(stranger.hasEnforcedCheck, false)
  assert.deepEqual(
    stranger.checks.map((check) => [check, stranger.mode(check), stranger.settings(check).mode]),
    [
      ['address', 'monitor', 'monitor'],
      ['domain', 'monitor', 'monitor'],
      ['spam', 'monitor', 'monitor'],
    ],
  )
  assert.equal(stranger.owner, 'postmaster@example.com')
  assert.deepEqual(stranger.authorizedDomains.patterns, ['*.example.com', 'example.com'])
})

test('unregistered is nobody where it is not on', () => {
  const off = compiled(`
organization: { name: Example, domains: [example.com], networks: [10.0.0.0/8] }
applications: []
routes: { default: { capture: true } }
`)
  assert.equal(off.findApplication({ address: '10.1.2.3' }), undefined)
  assert.equal(off.application('unregistered'), undefined)
})

test('the sample watches what comes from this machine, and enforces nothing', () => {
  const sample = compiled(readFileSync(join(import.meta.dirname, '../../../deploy/sample/policy.yaml'), 'utf8'))
  const first = sample.findApplication({ address: '127.0.0.1' })
  assert.equal(first?.name, 'first-try')
  assert.equal(sample.findApplication({ address: '::1' }), first)
  assert.deepEqual(first?.checks, ['address', 'domain', 'spam', 'throttle'])
  assert.equal(first?.hasEnforcedCheck, false)
  assert.deepEqual(sample.route('default'), { capture: true })
})
