import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RedisAddress, type RedisServer, redisAddress } from './redis-server.ts'

const cases: readonly [RedisServer, RedisAddress][] = [
  [{ host: 'r' }, { host: 'r', port: 6379, db: 0 }],
  [
    { host: '::1', port: 7000, username: 'u', password: 'p', database: 3 },
    { host: '::1', port: 7000, username: 'u', password: 'p', db: 3 },
  ],
  [{ url: 'redis://r' }, { host: 'r', port: 6379, db: 0 }],
  [{ url: 'redis://r:7000/5' }, { host: 'r', port: 7000, db: 5 }],
  [{ url: 'redis://[::1]:7000/' }, { host: '::1', port: 7000, db: 0 }],
  [{ url: 'redis://u:p%40%2Fss@r' }, { host: 'r', port: 6379, username: 'u', password: 'p@/ss', db: 0 }],
  [{ url: 'redis://:p%zz@r' }, { host: 'r', port: 6379, password: 'p%zz', db: 0 }],
  [{ url: 'rediss://r' }, { host: 'r', port: 6379, db: 0, tls: {} }],
  [
    { url: 'rediss://r', tls: { ca: 'PEM' } },
    { host: 'r', port: 6379, db: 0, tls: { ca: 'PEM' } },
  ],
  [
    { url: 'rediss://r', tls: false },
    { host: 'r', port: 6379, db: 0 },
  ],
  [
    { host: 'r', tls: true },
    { host: 'r', port: 6379, db: 0, tls: {} },
  ],
  [
    { url: 'redis://u:p@r:1/1', host: 's', port: 2, password: 'q', database: 4 },
    { host: 's', port: 2, username: 'u', password: 'q', db: 4 },
  ],
]

for (const [server, address] of cases) {
  test(`${JSON.stringify(server)}`, () => assert.deepEqual(redisAddress(server), address))
}

test('what names no server is refused, without the password', () => {
  for (const server of [
    {},
    { url: 'http://u:secret@r' },
    { url: 'redis://u:secret@' },
    { url: 'u:secret@r' },
    { url: 'redis://:secret@r/x' },
  ]) {
    assert.throws(
      () => redisAddress(server),
      (error: Error & { code?: string }) =>
        error.code === 'CONFIG_INVALID' && !JSON.stringify([error, error.message]).includes('secret'),
    )
  }
})
