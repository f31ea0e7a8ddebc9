import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { secretFiles } from '@sallyport/runtime'
import { temporaryFolder } from '@sallyport/testkit'
import { StartTexts } from './secret-texts.ts'

test('what is there is read, and what is not named is not wanted', async () => {
  using folder = temporaryFolder()
  writeFileSync(folder.join('redis'), 'password\n')
  writeFileSync(folder.join('ca.pem'), 'PEM')
  const texts = new StartTexts(secretFiles(folder.path))
  assert.equal(await texts.secret('redis.secret', 'redis'), 'password')
  assert.equal(await texts.secret('redis.secret', undefined), undefined)
  assert.deepEqual(await texts.tls('kafka.tls', { ca: folder.join('ca.pem') }), { ca: 'PEM' })
  assert.deepEqual(await texts.tls('kafka.tls', {}), {})
  assert.equal(await texts.tls('kafka.tls', undefined), undefined)
  texts.check()
})

test('all that is missing or too short is told at once, by its setting, and no secret with it', async () => {
  using folder = temporaryFolder()
  writeFileSync(folder.join('gateway-key'), 'short-secret')
  const texts = new StartTexts(secretFiles(folder.path))
  await texts.secret('redis.secret', 'redis')
  await texts.secret('gatewayKey.secret', 'gateway-key', 32)
  await texts.file('contentStore.ca', folder.join('missing.pem'))
  await texts.tls('kafka.tls', { key: folder.join('key.pem') })
  assert.throws(
    () => texts.check(),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, 'SECRET_MISSING')
      for (const said of [
        'redis.secret: secret "redis"',
        'gatewayKey.secret: secret "gateway-key" has 12 bytes',
        'contentStore.ca: ',
        'kafka.tls.key: ',
      ])
        assert.ok(error.message.includes(said), `${said}\n${error.message}`)
      assert.ok(!error.message.includes('short-secret'))
      return true
    },
  )
})
