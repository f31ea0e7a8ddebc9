/** Where a job goes: each destination has as many shards as it may have connections, at most one per partition. */
import { hashKey } from '@sallyport/contracts'

export interface Sharding {
  readonly partitions: number
  /** Connections at once that the destination allows. */
  readonly connections: number
}

const shardsOf = (sharding: Sharding): number => Math.min(sharding.partitions, sharding.connections)

/** (hash(destination) + hash(id) mod shards) mod P, design §4.8. */
export function outboundPartition(destination: string, messageId: string, sharding: Sharding): number {
  return (hashKey(destination) + (hashKey(messageId) % shardsOf(sharding))) % sharding.partitions
}

/** How many connections a process that owns these partitions may use at once: its shards' part of the limit, at least one. */
export function connectionShare(destination: string, owned: ReadonlySet<number>, sharding: Sharding): number {
  const shards = shardsOf(sharding)
  let ownedShards = 0
  for (let shard = 0; shard < shards; shard++) {
    if (owned.has((hashKey(destination) + shard) % sharding.partitions)) ownedShards++
  }
  return Math.max(1, Math.floor((sharding.connections * ownedShards) / shards))
}
