import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder, testPorts } from '@sallyport/testkit'
import { consoleToken } from './token.ts'

const { secrets } = testPorts({ secretValues: { api: 's3cret' } })

test('a given token, a secret by its name, or one that is made once and only its user can read', async () => {
  using folder = temporaryFolder()
  const data = folder.path
  assert.equal(await consoleToken({ data, token: 'given' }, secrets), 'given')
  assert.equal(await consoleToken({ data, token: 'secret:api' }, secrets), 's3cret')
  await assert.rejects(consoleToken({ data, token: 'secret:other' }, secrets), { code: 'SECRET_MISSING' })
  const made = await consoleToken({ data }, secrets)
  assert.match(made, /^[\w-]{43}$/)
  assert.equal(await consoleToken({ data }, secrets), made)
  assert.equal(readFileSync(folder.join('console-token'), 'utf8'), `${made}\n`)
  assert.equal(statSync(folder.join('console-token')).mode & 0o777, 0o600)
  writeFileSync(folder.join('console-token'), '\n')
  await assert.rejects(consoleToken({ data }, secrets), /delete it/)
  await assert.rejects(consoleToken({ data: folder.join('missing') }, secrets), { code: 'DATA_FOLDER_UNUSABLE' })
})
