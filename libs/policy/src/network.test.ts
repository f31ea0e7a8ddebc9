import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isAnybody, type Network, parseAddress, parseNetwork } from './network.ts'
import { networkTrie } from './network-trie.ts'

const addresses: readonly (readonly [string, string | undefined])[] = [
  ['10.1.2.3', '0a010203'],
  ['255.255.255.255', 'ffffffff'],
  ['0.0.0.0', '00000000'],
  ['::ffff:10.1.2.3', '0a010203'],
  ['::FFFF:10.1.2.3', '0a010203'],
  ['::ffff:0a01:0203', '0a010203'],
  ['::1', '00000000000000000000000000000001'],
  ['2001:db8::1', '20010db8000000000000000000000001'],
  ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ['10.1.2', undefined],
  ['10.1.2.3.4', undefined],
  ['10.1.2.256', undefined],
  ['10.1.2.', undefined],
  ['.1.2.3', undefined],
  ['10.01.2.3', undefined],
  ['0x0a.1.2.3', undefined],
  ['10.1.2.3 ', undefined],
  ['1e1.1.1.1', undefined],
  ['::ffff:10.1.2.300', undefined],
  ['2001:db8:::1', undefined],
  ['', undefined],
]
for (const [text, expected] of addresses) {
  test(`the address ${JSON.stringify(text)} is ${expected}`, () => assert.equal(parseAddress(text)?.toHex(), expected))
}

const network = (text: string): Network => {
  const parsed = parseNetwork(text)
  assert.ok(!('problem' in parsed), text)
  return parsed
}

test('one network has one text, however it is written', () => {
  assert.equal(network('10.0.0.0/8').text, '10.0.0.0/8')
  assert.equal(network('::ffff:10.0.0.0/104').text, '10.0.0.0/8')
  assert.equal(network('192.0.2.1').text, '192.0.2.1/32')
  assert.equal(network('2001:0DB8:0:0::/48').text, '2001:db8::/48')
  assert.deepEqual(parseNetwork('10.1.2.3/24'), { problem: 'host-bits', meant: '10.1.2.0/24' })
  assert.deepEqual(parseNetwork('10.1.2.3/33'), { problem: 'not-a-network' })
  assert.deepEqual(parseNetwork('::ffff:10.0.0.0/8'), { problem: 'not-a-network' })
})

test('anybody is whom nobody holds', () => {
  const wide = ['0.0.0.0/0', '128.0.0.0/1', '10.0.0.0/7', '::/0', '2000::/3', '::ffff:0:0/96', '2000::/15']
  const held = ['10.0.0.0/8', '127.0.0.0/8', '::1/128', '2001:db8::/32', 'fc00::/7', 'fe80::/10', 'fd12::/16']
  for (const text of wide) assert.equal(isAnybody(network(text)), true, text)
  for (const text of held) assert.equal(isAnybody(network(text)), false, text)
})

const ipv4 = fc.integer({ min: 0, max: 0xffffffff }).map((value) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value))
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 })
/** Few distinct first bytes, so that networks nest. */
const address = fc.oneof(ipv4, ipv6).map((bytes) => bytes.with(0, (bytes[0] ?? 0) & 1))
const bits = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
const anyNetwork = fc.tuple(address, fc.nat()).map(([bytes, random]): Network => {
  const prefixBits = random % (bytes.length * 8 + 1)
  return { bytes, prefixBits, text: `${bits(bytes).slice(0, prefixBits)}/${prefixBits}` }
})

test('the trie finds what looking at every network finds', () => {
  fc.assert(
    fc.property(fc.array(anyNetwork, { maxLength: 30 }), fc.array(address, { maxLength: 20 }), (networks, others) => {
      const trie = networkTrie<Network>()
      for (const one of networks) trie.add(one, one)
      for (const sought of [...others, ...networks.map(({ bytes }) => bytes)]) {
        const holding = networks.filter(
          ({ bytes, prefixBits }) => bytes.length === sought.length && bits(sought).startsWith(bits(bytes).slice(0, prefixBits)),
        )
        const longest = Math.max(-1, ...holding.map(({ prefixBits }) => prefixBits))
        assert.equal(trie.find(sought)?.prefixBits ?? -1, longest)
      }
    }),
  )
})

test('the first to claim a network keeps it', () => {
  const trie = networkTrie<string>()
  trie.add(network('10.0.0.0/8'), 'first')
  trie.add(network('10.0.0.0/8'), 'second')
  assert.equal(trie.find(Uint8Array.of(10, 1, 1, 1)), 'first')
})
