/** What each role needs beside the bus, so that a process opens, and is trusted with, no more than that. */
import type { ConfigurationFault } from '@sallyport/runtime'
import { isRoleName, type RoleName, roleNames } from './role-names.ts'

export interface RoleNeeds {
  /** Redis for this: verdicts back to ingress, who was sent what, and token buckets. */
  readonly replies?: true
  readonly ledger?: true
  readonly limiter?: true
  /** The object store: messages over 64 KiB and held mail. */
  readonly content?: true
  /** The gateway's key: who holds it can forge a verdict. Checkers never do. */
  readonly key?: true
}

const needs: Readonly<Record<RoleName, RoleNeeds>> = {
  console: { limiter: true, ledger: true, content: true, key: true },
  'domain-check': {},
  'address-check': {},
  'spam-scoring': { content: true },
  throttle: { limiter: true },
  verdict: { replies: true, ledger: true, key: true },
  delivery: { ledger: true, content: true },
  ingress: { replies: true, limiter: true, content: true, key: true },
}

/** Of several roles in one process. */
export const needsOf = (roles: readonly RoleName[]): RoleNeeds => Object.assign({}, ...roles.map((role) => needs[role]))

type Server = 'redis' | 'contentStore' | 'gatewayKey'

const serversOf = ({ replies, ledger, limiter, content, key }: RoleNeeds): readonly Server[] => [
  ...(replies || ledger || limiter ? (['redis'] as const) : []),
  ...(content ? (['contentStore'] as const) : []),
  ...(key ? (['gatewayKey'] as const) : []),
]

const examples: Readonly<Record<Server, string>> = {
  redis: 'redis: { address: "127.0.0.1:6379" }',
  contentStore: 'contentStore: { endpoint: "https://…", bucket: …, accessKeyId: …, secret: NAME }',
  gatewayKey: 'gatewayKey: { secret: NAME }',
}

/** Faults of a configuration that names some of the servers and lacks others. One file may name more than a process needs. */
export function missingServers(tree: Readonly<Record<string, unknown>>): readonly ConfigurationFault[] {
  const servers: readonly Server[] = ['redis', 'contentStore', 'gatewayKey']
  if (tree.kafka === undefined) {
    return servers
      .filter((server) => tree[server] !== undefined)
      .map((server) => ({
        path: server,
        message: 'is for the distributed form, which needs kafka, too',
        hint: 'add kafka: { brokers: ["127.0.0.1:9092"] }, or leave this out to run on one machine',
      }))
  }
  const roles = (Array.isArray(tree.roles) ? tree.roles : roleNames).filter(isRoleName)
  return servers.flatMap((server) => {
    if (tree[server] !== undefined) return []
    const needing = roles.filter((role) => serversOf(needs[role]).includes(server))
    if (needing.length === 0) return []
    return {
      path: server,
      message: `is missing: with kafka, ${needing.join(', ')} cannot run without`,
      hint: `add ${examples[server]}`,
    }
  })
}
