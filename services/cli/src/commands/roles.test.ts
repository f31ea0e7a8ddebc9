import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import type { RolesResponse } from '@sallyport/contracts'
import { apiClient } from '../api-client.ts'
import type { Flags } from '../flags.ts'
import { printTo } from '../print.ts'
import { roles } from './roles.ts'

const flags: Flags = {
  json: false,
  revisions: false,
  reason: undefined,
  application: undefined,
  'if-revision': undefined,
  from: undefined,
  to: undefined,
  subject: undefined,
  server: undefined,
}

const answer: RolesResponse = {
  roles: [
    { role: 'spam-scoring', processes: 0, instances: [], lastSeenAt: null, records: 12, oldestAgeMs: 3_456 },
    { role: 'verdict', processes: 2, instances: ['a', 'b'], lastSeenAt: 0, records: 0, oldestAgeMs: 0 },
  ],
  missing: [{ role: 'spam-scoring', why: 'spam is enforced by billing', applications: ['billing'] }],
}

async function shown(given: RolesResponse, over: Partial<Flags> = {}) {
  const out: string[] = []
  const print = printTo({ write: (text) => out.push(text) }, { write: () => {} })
  const server = createServer((_, response) => response.end(JSON.stringify(given)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const api = apiClient({ url: `http://127.0.0.1:${port}`, token: 't', author: 'ann' })
  const code = await roles.run({ api, server: '', print, words: [], flags: { ...flags, ...over } })
  server.close()
  server.closeAllConnections()
  return { code, out: out.join('') }
}

test('a line for each role, what is missing below, and exit code 1 then', async () => {
  assert.deepEqual(await shown(answer), {
    code: 1,
    out: `ROLE          PROCESSES  WAITING  OLDEST  LAST SEEN
spam-scoring  0          12       3.5 s   never
verdict       2          0        -       1970-01-01T00:00:00.000Z
missing: spam-scoring: spam is enforced by billing
`,
  })
  assert.equal((await shown({ ...answer, missing: [] })).code, 0)
  assert.deepEqual(JSON.parse((await shown(answer, { json: true })).out), answer)
})
