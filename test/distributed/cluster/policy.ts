/** The policy of a cluster in a test: who comes from 127.0.0.2 is enforced, who comes from elsewhere on loopback is watched. */

export interface ClusterPolicyOptions {
  /** Connections to the next hop at once. Default 20. */
  readonly connections?: number
  /** Fields of the application `enforced` that differ. */
  readonly enforced?: object
  /** Fields of the application `watched` that differ. */
  readonly watched?: object
  /** Further applications. */
  readonly more?: readonly object[]
}

/** Whose mail waits for the verdict. */
export const enforcedAddress = '127.0.0.2'

export function clusterPolicy(nextHop: number, options: ClusterPolicyOptions = {}): object {
  const checks = (mode: 'enforce' | 'monitor'): object => ({
    domain: { mode },
    address: { mode },
    spam: { mode, rejectAt: 100 },
    throttle: { mode, limits: [{ per: 'application', count: 'messages', rate: '1000000/s', burst: 1_000_000 }] },
  })
  const application = (name: string, network: string, mode: 'enforce' | 'monitor', more: object = {}): object => ({
    name,
    owner: 'owner@example.com',
    from: { networks: [network] },
    senders: { domains: ['example.com'], addresses: ['app@example.com'] },
    checks: checks(mode),
    ...more,
  })
  return {
    organization: { name: 'Example', domains: ['example.com'] },
    applications: [
      application('enforced', `${enforcedAddress}/32`, 'enforce', options.enforced),
      application('watched', '127.0.0.0/8', 'monitor', options.watched),
      ...(options.more ?? []),
    ],
    routes: { default: { smarthost: `127.0.0.1:${nextHop}`, tls: 'off', connections: options.connections ?? 20 } },
  }
}
