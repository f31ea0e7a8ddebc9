/** Our assignment in the terms of the group protocol: what a member says of itself, and what the leader of the group answers. */
import { assignPartitions, decodeClaim, encodeClaim } from './assign-partitions.ts'
import type { Claim } from './client-port.ts'

const name = 'sallyport-cooperative'
const version = 1

/** The client's encoding of both. */
export interface GroupCodec {
  readonly MemberMetadata: {
    encode(metadata: { version: number; topics: string[]; userData: Buffer }): Buffer
    decode(bytes: Buffer): { topics: string[]; userData: Buffer } | null
  }
  readonly MemberAssignment: {
    encode(assignment: { version: number; assignment: Record<string, number[]>; userData: Buffer }): Buffer
  }
}

/** What is used of a client's view of the cluster. */
export interface TopicView {
  addMultipleTargetTopics(topics: string[]): Promise<void>
  findTopicPartitionMetadata(topic: string): readonly unknown[]
}

export function cooperativeProtocol(codec: GroupCodec, claim: () => Claim, cluster: TopicView) {
  return {
    name,
    version,
    protocol: ({ topics }: { topics: string[] }) => ({
      name,
      metadata: codec.MemberMetadata.encode({ version, topics, userData: Buffer.from(encodeClaim(claim())) }),
    }),
    async assign({ members }: { members: { memberId: string; memberMetadata: Buffer }[] }) {
      const candidates = members.map(({ memberId, memberMetadata }) => {
        const metadata = codec.MemberMetadata.decode(memberMetadata)
        return { memberId, topics: metadata?.topics ?? [], claim: decodeClaim(metadata?.userData ?? null) }
      })
      // Others may read topics that this member does not: while releases change, say.
      await cluster.addMultipleTargetTopics([...new Set(candidates.flatMap(({ topics }) => topics))])
      const partitionsOf = (topic: string): number => cluster.findTopicPartitionMetadata(topic).length
      return Array.from(assignPartitions(candidates, partitionsOf), ([memberId, topics]) => {
        const assignment = Object.fromEntries(Object.entries(topics).map(([topic, numbers]) => [topic, [...numbers]]))
        return { memberId, memberAssignment: codec.MemberAssignment.encode({ version, assignment, userData: Buffer.alloc(0) }) }
      })
    },
  }
}
