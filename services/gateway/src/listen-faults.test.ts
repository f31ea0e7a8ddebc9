import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingsFrom } from './command-line.ts'

test('addresses, and what listeners ask for, are told with every other fault at once', () => {
  const words = [
    'smtp.listen=[":25", "localhost", {"address": "::1:465", "tls": "implicit", "proxy": true}]',
    'console.listen=8080',
    'health.listen=127.0.0.1:99999',
    'smtp.budgetMs=soon',
    'smtp.hostname=our host',
    'records.postgres.address=postgres',
    'spamScoring.engines=[{"name": "x", "kind": "rspamd", "address": "localhost"}]',
    'tracing.endpoint=jaeger:4318',
  ].flatMap((assignment) => ['--set', assignment])
  assert.throws(
    () => settingsFrom(words, {}),
    (error: Error) => {
      const [first, ...faults] = error.message.split('\n')
      assert.equal(first, 'the configuration has 11 faults:')
      assert.deepEqual(faults.map((line) => line.trim().split(' (')[0]).sort(), [
        'console.listen: "8080" is not host:port',
        'health.listen: "127.0.0.1:99999" is not host:port',
        'records.postgres.address: "postgres" is not host:port',
        'smtp.budgetMs: must be integer',
        'smtp.hostname: does not have the form that is wanted',
        'smtp.listen.1: "localhost" is not host:port',
        'smtp.listen.2.address: "::1:465" is not host:port',
        'smtp.listen.2.proxy: requires PROXY headers, but nobody may send them',
        'smtp.listen.2.tls: is implicit, but there is no certificate',
        'spamScoring.engines.0.address: "localhost" is no address of an engine',
        'tracing.endpoint: does not have the form that is wanted',
      ])
      return true
    },
  )
})

test('PROXY headers from anybody, from no network, or read nowhere, are refused', () => {
  const cases: readonly (readonly [networks: string, listen: string, says: RegExp])[] = [
    ['0.0.0.0/0', '[{"address": ":25", "proxy": true}]', /smtp\.proxy\.networks\.0: 0\.0\.0\.0\/0 would make an open relay/],
    ['10.0.0.1/32,::/0', '[{"address": ":25", "proxy": true}]', /smtp\.proxy\.networks\.1: ::\/0 would make an open relay/],
    [
      '128.0.0.0/1',
      '[{"address": ":25", "proxy": true}]',
      /128\.0\.0\.0\/1 would make an open relay.*name only the load balancers/,
    ],
    ['balancer', '[{"address": ":25", "proxy": true}]', /smtp\.proxy\.networks\.0: "balancer" is not a network/],
    ['10.0.0.10/24', '[{"address": ":25", "proxy": true}]', /"10\.0\.0\.10\/24" is not a network \(write 10\.0\.0\.0\/24\)/],
    ['10.0.0.1/32', '127.0.0.1:25', /smtp\.proxy: is given, but no entry of smtp\.listen has proxy: true/],
  ]
  for (const [networks, listen, says] of cases) {
    const words = ['--set', `smtp.proxy.networks=${networks}`, '--set', `smtp.listen=${listen}`]
    assert.throws(() => settingsFrom(words, {}), says, networks)
  }
})

test('what only ingress has, such as a certificate, no other role misses', () => {
  const listen = ['--set', 'smtp.listen=[{"address": ":465", "tls": "implicit"}]']
  assert.doesNotThrow(() => settingsFrom([...listen, '--roles', 'verdict,delivery'], {}))
  assert.throws(() => settingsFrom([...listen, '--roles', 'verdict,ingress'], {}), /there is no certificate/)
})

test('what is right is no fault', () => {
  const pem = ['--set', 'smtp.tls.certificate=c.pem', '--set', 'smtp.tls.key=k.pem', '--set', 'smtp.proxy.networks=10.0.0.1/32']
  const listen = 'smtp.listen=[{"address": "[::1]:465", "tls": "implicit"}, {"address": "0.0.0.0:25", "proxy": true}]'
  assert.doesNotThrow(() => settingsFrom([...pem, '--set', listen, '--set', 'health.listen=:8081'], {}))
  assert.doesNotThrow(() => settingsFrom(['--set', 'smtp.listen=127.0.0.1:25, [::1]:25'], {}))
})
