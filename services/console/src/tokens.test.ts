import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { temporaryFolder, testPorts } from '@sallyport/testkit'
import { oneToken, readTokens } from './tokens.ts'

const headers: readonly [string | undefined, boolean][] = [
  ['Bearer t0ken', true],
  ['bearer  t0ken ', true],
  ['Bearer t0ke', false],
  ['Bearer t0kens', false],
  ['Bearer', false],
  ['Basic t0ken', false],
  ['t0ken', false],
  ['Bearer t0ken t0ken', false],
  ['', false],
  [undefined, false],
]
for (const [header, isAllowed] of headers) {
  test(`"${header}" is ${isAllowed ? 'allowed' : 'refused'}`, () =>
    assert.equal(oneToken('t0ken')(header) !== undefined, isAllowed))
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
const { secrets } = testPorts({
  secretValues: { view: `sha256:${hashOf('viewing')}`, night: hashOf('working'), plain: 'a token that is no hash' },
})

test('several tokens, each with its scope, whose secrets hold hashes only', async () => {
  using folder = temporaryFolder()
  const callerOf = await readTokens(
    {
      data: folder.path,
      token: 'main',
      tokens: [
        { name: 'dashboard', scope: 'viewer', hash: 'secret:view' },
        { name: 'night-shift', scope: 'operator', hash: 'secret:night' },
      ],
    },
    secrets,
  )
  assert.deepEqual(callerOf('Bearer main'), { who: 'console-token', token: 'console-token', scope: 'admin' })
  assert.deepEqual(callerOf('Bearer viewing', ' ann '), { who: 'ann', token: 'dashboard', scope: 'viewer' })
  assert.equal(callerOf('Bearer working')?.scope, 'operator')
  assert.equal(callerOf(`Bearer ${hashOf('viewing')}`), undefined)
})

for (const [name, tokens, message] of [
  ['a token in the open', [{ name: 'a', scope: 'viewer', hash: 'viewing' }], /"a" cannot be used: hash is no secret/],
  ['a secret that is no hash', [{ name: 'a', scope: 'viewer', hash: 'secret:plain' }], /no SHA-256: "sallyport token"/],
  ['a secret that is missing', [{ name: 'a', scope: 'viewer', hash: 'secret:gone' }], /gone/],
  [
    'a name twice',
    [
      { name: 'a', scope: 'viewer', hash: 'secret:view' },
      { name: 'a', scope: 'admin', hash: 'secret:night' },
    ],
    /another token has that name/,
  ],
] as const) {
  test(`${name} is refused`, async () => {
    using folder = temporaryFolder()
    await assert.rejects(readTokens({ data: folder.path, token: 'main', tokens }, secrets), message)
  })
}
