import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { connectionShare, outboundPartition } from './outbound-partition.ts'

test('a destination uses as many partitions as it has connections, and no others', () => {
  for (const [connections, partitions, expected] of [
    [20, 6, 6],
    [2, 6, 2],
    [1, 6, 1],
    [20, 1, 1],
  ] as const) {
    const sharding = { connections, partitions }
    const used = new Set(Array.from({ length: 500 }, () => outboundPartition('default', newMessageId(), sharding)))
    assert.equal(used.size, expected)
    for (const partition of used) assert.ok(partition >= 0 && partition < partitions)
  }
})

test('the shares of all owners together keep the limit, and one owner has it whole', () => {
  const sharding = { connections: 20, partitions: 6 }
  assert.equal(connectionShare('default', new Set([0, 1, 2, 3, 4, 5]), sharding), 20)
  const shares = [
    [0, 1],
    [2, 3],
    [4, 5],
  ].map((owned) => connectionShare('default', new Set(owned), sharding))
  assert.ok(shares.reduce((sum, share) => sum + share, 0) <= 20)
  assert.equal(connectionShare('default', new Set(), sharding), 1)
})
