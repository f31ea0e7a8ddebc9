import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingsFrom } from './command-line.ts'
import { ingressListeners } from './ingress-listeners.ts'
import type { GatewaySettings } from './settings.ts'

type Smtp = GatewaySettings['smtp']

const tls = { certificate: 'chain.pem', key: 'key.pem' }
const proxy = { networks: ['10.0.0.10/32'] }
const smtp = (given: Partial<Smtp>): Smtp => ({ ...settingsFrom([], {}).smtp, ...given })

const understood: readonly [string, Partial<Smtp>, ReturnType<typeof ingressListeners>][] = [
  ['text', { listen: '127.0.0.1:25' }, [{ host: '127.0.0.1', port: 25, tls: 'off', proxy: false }]],
  [
    'text with commas',
    { listen: '127.0.0.1:25, [::1]:26' },
    [
      { host: '127.0.0.1', port: 25, tls: 'off', proxy: false },
      { host: '::1', port: 26, tls: 'off', proxy: false },
    ],
  ],
  ['STARTTLS wherever there is a certificate', { listen: [':25'], tls }, [{ host: '', port: 25, tls: 'starttls', proxy: false }]],
  [
    'a listener may say otherwise',
    {
      listen: [
        { address: '0.0.0.0:465', tls: 'implicit' },
        { address: '127.0.0.1:2525', tls: 'off', proxy: true },
      ],
      tls,
      proxy,
    },
    [
      { host: '0.0.0.0', port: 465, tls: 'implicit', proxy: false },
      { host: '127.0.0.1', port: 2525, tls: 'off', proxy: true },
    ],
  ],
]
for (const [name, given, listeners] of understood) {
  test(`listeners: ${name}`, () => assert.deepEqual(ingressListeners(smtp(given)), listeners))
}

const refused: readonly [string, Partial<Smtp>, RegExp][] = [
  [
    'TLS without a certificate',
    { listen: [{ address: ':465', tls: 'implicit' }] },
    /smtp\.listen\.0\.tls: is implicit, but there is no certificate/,
  ],
  [
    'PROXY from nobody',
    { listen: [{ address: ':25', proxy: true }] },
    /smtp\.listen\.0\.proxy: requires PROXY headers, but nobody.*smtp\.proxy\.networks/,
  ],
  ['no port', { listen: 'localhost' }, /smtp\.listen: "localhost" is not host:port/],
  ['a port out of range', { listen: '127.0.0.1:65536' }, /is not host:port/],
  ['IPv6 without brackets', { listen: '::1:25' }, /write 127\.0\.0\.1:2525, or \[::1\]:2525 for IPv6/],
]
for (const [name, given, says] of refused) {
  test(`listeners refused: ${name}`, () => assert.throws(() => ingressListeners(smtp(given)), says))
}
