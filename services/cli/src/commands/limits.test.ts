import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LimitsResponse } from '@sallyport/contracts'
import type { ApiClient, Question } from '../api-client.ts'
import type { Flags } from '../flags.ts'
import { printTo } from '../print.ts'
import { limits } from './limits.ts'

const flags: Flags = { json: false, revisions: false }

const answer: LimitsResponse = {
  application: 'billing',
  policyRevision: 3,
  mode: 'enforce',
  limits: [
    { per: ['application'], count: 'recipients', rate: '1000/h', burst: 500 },
    { per: ['sender', 'recipient-domain'], count: 'messages', rate: '10/m', burst: 20 },
  ],
  buckets: [
    { limit: 0, mode: 'enforce', owner: { application: 'billing' }, burst: 500, remaining: 500, fullInMs: 0 },
    {
      limit: 1,
      mode: 'monitor',
      owner: { sender: 'a@example.com', 'recipient-domain': 'example.net' },
      burst: 20,
      remaining: 7,
      fullInMs: 7_201_000,
    },
    { limit: 1, mode: 'enforce', owner: {}, burst: 20, remaining: 0, fullInMs: 60_000 },
  ],
  next: null,
}

async function shown(answers: readonly LimitsResponse[], over: Partial<Flags> = {}) {
  const out: string[] = []
  const asked: string[] = []
  const print = printTo({ write: (text) => out.push(text) }, { write: () => {} })
  const api: Pick<ApiClient, 'json'> = {
    // The test hands in what the schema would have let pass.
    json: async (_schema: unknown, { path }: Question) => answers[asked.push(path) - 1] as never,
  }
  const code = await limits.run({ api: api as ApiClient, server: '', print, words: ['billing'], flags: { ...flags, ...over } })
  return { code, out: out.join(''), asked }
}

test('a line for each limit and each bucket', async () => {
  assert.deepEqual(await shown([answer]), {
    code: 0,
    asked: ['/api/limits?application=billing&limit=1000'],
    out: `throttle of billing: enforce
limit: 1000/h recipients per application, burst 500
limit: 10/m messages per sender and recipient-domain, burst 20
LIMIT              WHOSE                                               MODE     REMAINING  BURST  FULL IN
1000/h recipients  application billing                                 enforce  500        500    -
10/m messages      sender a@example.com, recipient-domain example.net  shadow   7          20     3 h
10/m messages      (too long to tell)                                  enforce  0          20     60 s
`,
  })
})

test('all pages, as JSON', async () => {
  const [first, ...others] = answer.buckets
  assert.ok(first)
  const pages = [
    { ...answer, buckets: [first], next: 'a b' },
    { ...answer, buckets: others },
  ]
  const { out, asked } = await shown(pages, { json: true })
  assert.deepEqual(JSON.parse(out), answer)
  assert.equal(asked[1], '/api/limits?application=billing&limit=1000&cursor=a%20b')
})

test('no limits, and none that is used', async () => {
  assert.equal((await shown([{ ...answer, limits: [], buckets: [] }])).out, 'billing has no limits: the policy sets none for it\n')
  assert.match((await shown([{ ...answer, buckets: [] }])).out, /every bucket is full\n$/)
})
