import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { libMayImport, violations } from './laws.ts'

const here = import.meta.dirname

test('the tree keeps every law', () => {
  assert.deepEqual(violations(dirname(dirname(here))), [])
})

test('libs import no lib in a circle', () => {
  const libs = Object.keys(libMayImport)
  for (const [place, lib] of libs.entries()) {
    for (const imported of libMayImport[lib] ?? []) assert.ok(libs.indexOf(imported) < place, `${lib} imports ${imported}`)
  }
})

test('a tree that breaks each law is caught at each place, and only there', () => {
  const caught = violations(join(here, 'broken-trees')).map(({ file, law }) => `${file}: ${law}`)
  assert.deepEqual(caught, [
    'libs/bus/src/a.ts: a lib never imports a service',
    'libs/bus/src/b.ts: kafkajs is imported only in libs/bus/src/kafka/kafkajs-client.ts',
    'libs/content/src/a.ts: libs/content may import only contracts, tracing',
    'libs/contracts/src/a.ts: contracts does no I/O',
    'libs/contracts/src/b.ts: libs/contracts may import only nothing of ours',
    'libs/contracts/src/c.ts: contracts does no I/O',
    'libs/ledger/src/a.ts: lmdb is imported only below libs/lmdb/',
    'libs/mail/src/a.ts: testkit is for tests',
    'libs/policy/src/a.ts: policy does no I/O',
    'libs/policy/src/b.ts: libs/policy may import only contracts',
    'libs/policy/src/utils/a.ts: no folder is called utils, common, shared or helpers',
    'libs/runtime/src/a.ts: ioredis is imported only below libs/redis/',
    'libs/runtime/src/b.ts: @opentelemetry/api is imported only below libs/tracing/',
    'libs/runtime/src/c.ts: @opentelemetry/sdk-node is imported only below libs/tracing/',
    'services/cli/src/a.ts: cli imports only contracts',
    'services/console/src/a.ts: relative imports stay inside their package',
    'services/console/src/b.ts: react is imported only below services/console/web/',
    'services/console/src/c.ts: kysely is imported only below libs/records/',
    'services/console/src/c.ts: pg is imported only below libs/records/',
    'services/console/web/src/a.tsx: web imports only contracts',
    'services/console/web/src/b.ts: relative imports stay inside their package',
    'services/delivery/src/a.ts: smtp-server is imported only below services/ingress/',
    'services/ingress/src/a.ts: nodemailer is imported only below services/delivery/',
    'services/ingress/src/b.ts: fastify is imported only below services/console/',
    'services/throttle/src/a.ts: only the programs read process.env',
    'services/verdict/src/a.ts: a service never imports another service; only gateway does',
    'services/verdict/src/b.ts: kafkajs is imported only in libs/bus/src/kafka/kafkajs-client.ts',
    'services/verdict/src/c.ts: relative imports stay inside their package',
  ])
})
