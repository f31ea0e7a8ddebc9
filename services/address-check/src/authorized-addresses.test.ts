import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type CompiledApplication, compilePolicy } from '@sallyport/policy'
import { fixedPolicyView, silentLogger, temporaryFolder } from '@sallyport/testkit'
import fc from 'fast-check'
import { Registry } from 'prom-client'
import { AuthorizedAddresses } from './authorized-addresses.ts'
import { openDirectories } from './directory/directories.ts'

const folder = temporaryFolder()
after(() => folder.remove())

function authorized(senders: NonNullable<CompiledApplication['declared']['senders']>, check: { plusAddressing?: boolean } = {}) {
  const policy = compilePolicy(
    {
      organization: { name: 'Example', domains: ['example.com'] },
      directories: { absent: { file: 'absent.txt' } },
      applications: [
        { name: 'crm', owner: 'crm@example.com', from: {}, senders, checks: { address: { mode: 'enforce', ...check } } },
      ],
      routes: { default: { capture: true } },
    },
    1,
  )
  const application = policy.application('crm')
  assert.ok(application)
  const ports = { policy: fixedPolicyView(policy), log: silentLogger(), metrics: new Registry() }
  const directories = openDirectories(ports, { folder: folder.path, pollMs: 60_000 })
  return { directories, addresses: new AuthorizedAddresses(policy, application, directories) }
}

const atom = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019_-+.'), minLength: 1, maxLength: 8 })
  .filter((text) => !/^\.|\.\.|\.$/.test(text))

test('what no entry names is allowed by no case, tag or wildcard of another', async () => {
  const { addresses, directories } = authorized({ addresses: ['one@example.com', 'pre-*@example.com', '*@all.example.com'] })
  fc.assert(
    fc.property(
      atom,
      fc.constantFrom('example.com', 'all.example.com', 'sub.all.example.com', 'xall.example.com'),
      (localPart, aDomain) => {
        const base = localPart.toLowerCase().replace(/(?<=.)\+.*$/s, '')
        const isNamed = base === 'one' || /^pre-./s.test(localPart.toLowerCase()) || /^pre-./s.test(base)
        const expected = aDomain === 'all.example.com' || (aDomain === 'example.com' && isNamed)
        assert.equal(addresses.allows({ localPart, aDomain }), expected ? 'yes' : 'no')
      },
    ),
    {
      numRuns: 2000,
      examples: [
        ['one+tag', 'example.com'],
        ['PRE-x', 'example.com'],
        ['pre-', 'example.com'],
        ['+one', 'example.com'],
      ],
    },
  )
  await directories.stop()
})

test('while a directory cannot be read nobody is a stranger, and nobody is authorized by it', async () => {
  const { addresses, directories } = authorized({ addresses: ['one@example.com'], directories: ['absent'] })
  await addresses.loading()
  fc.assert(
    fc.property(atom, (localPart) => {
      const isEntry = localPart.toLowerCase().replace(/(?<=.)\+.*$/s, '') === 'one'
      assert.equal(addresses.allows({ localPart, aDomain: 'example.com' }), isEntry ? 'yes' : 'unknown')
    }),
    { examples: [['one'], ['one+tag'], ['two']] },
  )
  await directories.stop()
})

test('without plus-addressing a tag makes another address', async () => {
  const { addresses, directories } = authorized({ addresses: ['one@example.com'] }, { plusAddressing: false })
  assert.equal(addresses.allows({ localPart: 'one+tag', aDomain: 'example.com' }), 'no')
  await directories.stop()
})
