/** What is doubtful, and refuses nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatFault } from './fault.ts'
import { parsePolicy } from './parse.ts'

const text = `organization: { name: Example, domains: [example.com], networks: [0.0.0.0/0] }
bounces: { from: postmaster@example.net }
applications:
  - name: billing
    owner: billing@example.com
    from: { networks: [10.1.0.0/24, "10.1.0.0/24"] }
    senders: { addresses: ["*@example.net"] }
    checks:
      domian: { mode: enforce }
      domain: { mode: enforce, limits: [] }
      throttle:
        mode: enforce
        limits:
          - { per: application, count: recipients, rate: 1000/h, burst: 999 }
          - { per: application, count: bytes, rate: 1000000/h, burst: 1000 }
          - { per: application, count: messages, rate: 1000/h, burst: 1 }
  - name: crm
    owner: crm@example.com
    from: { networks: [10.2.0.0/24] }
    checks: { address: { mode: enforce } }
routes:
  default: { smarthost: "mx.example.com:25", secret: relay }
  clear: { smarthost: "mx.example.com:25", user: gateway, secret: relay, tls: "off" }
`

test('each doubt is told with its line', () => {
  const checked = parsePolicy(text)
  assert.equal(checked.ok, true)
  assert.deepEqual(checked.warnings.map(formatFault), [
    'line 1, /organization/networks/0: "0.0.0.0/0" stands for anybody on the Internet. Name the networks that are yours',
    'line 2, /bounces/from: "postmaster@example.net" is not of a domain of the organization. Use an address of one of its domains',
    'line 6, /applications/0/from/networks/1: the network "10.1.0.0/24" is named twice. Remove one of the two',
    'line 7, /applications/0/senders/addresses/0: the domain of "*@example.net" is not authorized, so that the domain check fails for it. Add "example.net" to "domains" of these senders or of the organization',
    'line 9, /applications/0/checks/domian: no check named "domian" comes with the gateway; without one it is always unavailable. Did you mean "domain"?',
    'line 10, /applications/0/checks/domain/limits: has no effect: only the check "throttle" reads it. Move it to "throttle" or remove it',
    'line 14, /applications/0/checks/throttle/limits/0/burst: a message may have 1000 recipients (maxRecipients), but the burst is 999: larger messages are always rejected. Raise the burst to 1000, or lower maxRecipients to 999',
    'line 15, /applications/0/checks/throttle/limits/1/burst: a message may have 52428800 bytes (maxMessageBytes), but the burst is 1000: larger messages are always rejected. Raise the burst to 52428800, or lower maxMessageBytes to 1000',
    'line 17, /applications/1/senders: names no addresses and no directories, while the address check is enforced: it is unavailable for every message, and "whenUnavailable" decides. Add "addresses:" or "directories:", for example ["*@example.com"]',
    'line 22, /routes/default/secret: has no "user" beside it, so that the gateway does not log in. Add "user:"',
    'line 23, /routes/clear/tls: is off, so that the password is sent in the clear. Set it to required',
  ])
})

test('a burst that is a fault is not weighed against the largest message', () => {
  const checked = parsePolicy(text.replace('burst: 999', 'burst: 0'))
  assert.deepEqual([checked.ok, checked.warnings.filter(({ message }) => message.includes('the burst is 0'))], [false, []])
})

test('an application that may send more than the burst of the limits that all have is told so', () => {
  const inherited = `
organization: { name: Example, domains: [example.com] }
defaults:
  checks:
    throttle: { mode: monitor, limits: [{ per: application, count: recipients, rate: 5000/h, burst: 1000 }] }
applications:
  - { name: news, owner: n@example.com, from: { networks: [10.1.0.0/24] }, maxRecipients: 2000 }
  - { name: shop, owner: s@example.com, from: { networks: [10.2.0.0/24] }, maxRecipients: 500 }
  - name: list
    owner: l@example.com
    from: { networks: [10.3.0.0/24] }
    maxRecipients: 2000
    checks: { throttle: { mode: enforce, limits: [{ per: application, count: recipients, rate: 5000/h, burst: 2000 }] } }
routes: { default: { capture: true } }
`
  const { ok, warnings } = parsePolicy(inherited)
  assert.equal(ok, true)
  assert.deepEqual(warnings.map(formatFault), [
    'line 7, /applications/0/maxRecipients: a message may have 2000 recipients, but the burst of a limit in defaults.checks.throttle is 1000: larger messages are always rejected. Lower maxRecipients to 1000, or give the application "limits:" of its own',
  ])
})
