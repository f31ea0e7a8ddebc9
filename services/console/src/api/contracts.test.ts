import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { apiStage } from './stage.cases.ts'

const published = readFileSync(join(import.meta.dirname, '../../../../docs/asyncapi.json'), 'utf8')

test('the contract is served as it is published, with the token that all of /api needs', async () => {
  const stage = await apiStage()
  try {
    const answer = await stage.ask({ url: '/api/asyncapi.json' })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(answer.body, published)
    const stranger = await stage.ask({ url: '/api/asyncapi.json', headers: { authorization: '' } })
    assert.equal(stranger.statusCode, 401)
  } finally {
    await stage.close()
  }
})
