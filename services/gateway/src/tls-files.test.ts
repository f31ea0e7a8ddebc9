import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { temporaryFolder, testCertificates } from '@sallyport/testkit'
import { commandFrom } from './command-line.ts'
import { readTls, tlsFaults } from './tls-files.ts'

const { server, stranger, weak, caPath } = testCertificates()
const good = { certificate: server.certPath, key: server.keyPath }
const folder = temporaryFolder()
after(() => folder[Symbol.dispose]())
const written = (name: string, text: string): string => {
  writeFileSync(folder.join(name), text)
  return folder.join(name)
}

const told = (tls: object, roles?: readonly string[]): string[] =>
  tlsFaults({ smtp: { tls }, ...(roles === undefined ? {} : { roles }) }).map(({ path, message }) => `${path}: ${message}`)

test('files that fit are no fault, with a chain and a CA as well', () => {
  const chain = written('chain.pem', `${server.cert}\n${testCertificates().ca}`)
  for (const tls of [good, { ...good, certificate: chain, clientCa: caPath }]) assert.deepEqual(told(tls), [])
  assert.deepEqual(readTls(good), { certificate: server.cert, key: server.key, clientCa: undefined })
})

const passphrase = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey

const cases: readonly (readonly [name: string, tls: object, says: readonly RegExp[]])[] = [
  [
    'missing files, all at once',
    { certificate: '/nowhere/c.pem', key: '/nowhere/k.pem', clientCa: '/nowhere/ca.pem' },
    [
      /^smtp\.tls\.certificate: \/nowhere\/c\.pem cannot be read: ENOENT/,
      /^smtp\.tls\.key: \/nowhere\/k\.pem cannot be read: ENOENT/,
      /^smtp\.tls\.clientCa: \/nowhere\/ca\.pem cannot be read: ENOENT/,
    ],
  ],
  ['a folder', { ...good, key: folder.path }, [/^smtp\.tls\.key: .* cannot be read: EISDIR/]],
  [
    'the files in each other’s place',
    { certificate: good.key, key: good.certificate },
    [/^smtp\.tls\.certificate: .*/, /^smtp\.tls\.key: /],
  ],
  [
    'no certificate',
    { ...good, certificate: written('empty.pem', '') },
    [/^smtp\.tls\.certificate: .*empty\.pem cannot be used: /],
  ],
  [
    'a chain that breaks off',
    { ...good, certificate: written('cut.pem', `${server.cert}\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`) },
    [/^smtp\.tls\.certificate: .*cut\.pem cannot be used: /],
  ],
  [
    'a key with a passphrase',
    { ...good, key: written('locked.pem', passphrase) },
    [/^smtp\.tls\.key: .*locked\.pem cannot be used: /],
  ],
  ['a CA that is none', { ...good, clientCa: written('ca.pem', 'our CA') }, [/^smtp\.tls\.clientCa: .*ca\.pem cannot be used: /]],
  [
    'a key of another certificate',
    { ...good, key: stranger.keyPath },
    [/^smtp\.tls\.key: is not the key of the first certificate in smtp\.tls\.certificate \(.*CN=localhost/],
  ],
  ['a key that TLS refuses', { certificate: weak.certPath, key: weak.keyPath }, [/^smtp\.tls: cannot be used: .*key too small/]],
]
for (const [name, tls, says] of cases) {
  test(`TLS files refused: ${name}`, () => {
    const faults = told(tls)
    assert.equal(faults.length, says.length, faults.join('\n'))
    for (const [at, each] of says.entries()) assert.match(faults[at] ?? '', each)
  })
}

test('the authorities of next hops are looked at where delivery is', () => {
  const says = (tlsCa: string) => tlsFaults({ delivery: { tlsCa } }).map(({ path, message }) => `${path}: ${message}`)
  assert.deepEqual(says(caPath), [])
  assert.match(says('/nowhere/ca.pem').join(), /^delivery\.tlsCa: \/nowhere\/ca\.pem cannot be read: ENOENT/)
  assert.match(says(good.key).join(), /^delivery\.tlsCa: .*server-key\.pem cannot be used: /)
})

test('what only ingress reads, and what is no path, is not looked at', () => {
  const missing = { certificate: '/nowhere/c.pem', key: '/nowhere/k.pem' }
  assert.deepEqual(told(missing, ['verdict', 'console']), [])
  assert.equal(told(missing, ['verdict', 'ingress']).length, 2)
  assert.deepEqual(tlsFaults({ roles: ['ingress'], delivery: { tlsCa: '/nowhere/ca.pem' } }), [])
  for (const tls of [{}, { key: 5 }, 'chain.pem']) assert.deepEqual(tlsFaults({ smtp: { tls } }), [])
})

test('they are told with every other fault of the configuration; tables are migrated without them', () => {
  const set = ['smtp.tls.certificate=/nowhere/c.pem', `smtp.tls.key=${good.key}`, 'console.listen=8080'].flatMap((each) => [
    '--set',
    each,
  ])
  assert.throws(
    () => commandFrom(set, {}),
    /has 2 faults:\n {2}console\.listen: .*\n {2}smtp\.tls\.certificate: \/nowhere\/c\.pem cannot be read: .* \(name a PEM file/,
  )
  assert.equal(commandFrom([...set.slice(0, 4), '--migrate'], {}).isMigration, true)
})
