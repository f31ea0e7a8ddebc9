/** Two applications on one machine, told apart by where they connect from: one floods, one is measured. */
import { join } from 'node:path'
import { domains } from '../workload.ts'

export const floodAddress = '127.0.0.2'

export type FloodKind = 'limited' | 'waiting' | 'unlimited'

/** What is true of the flood; the other application is always the same. */
export const floodKinds: Readonly<Record<FloodKind, string>> = {
  limited: 'limit 1000/h, burst 500; it retries, so it is refused (451)',
  waiting: 'limit 1000/h, burst 500; it does not retry, so that a day of its mail is accepted and waits',
  unlimited: 'no limit that it meets: all of it is judged and delivered',
}

/** A limit by sender, so that each round begins with a full bucket of its own. */
const limit = (rate: string, burst: number) => [{ per: 'sender', count: 'messages', rate, burst }]
const far = limit('1000000000/h', 100_000_000)
const near = limit('1000/h', 500)

export function floodPolicy(kind: FloodKind, sinkPort: number, folder: string): string {
  const application = (name: string, network: string, retries: boolean, limits: ReturnType<typeof limit>) => ({
    name,
    owner: `owner@${domains[0]}`,
    from: { networks: [network] },
    senders: { domains: [...domains], directories: ['senders'] },
    retries,
    checks: {
      domain: { mode: 'enforce' },
      address: { mode: 'enforce' },
      spam: { mode: 'enforce', holdAt: 1_000_000 },
      throttle: { mode: 'enforce', limits },
    },
  })
  return JSON.stringify({
    organization: { name: 'Bench', domains: [...domains] },
    directories: { senders: { file: join(folder, 'senders.txt') } },
    applications: [
      application('quiet', '127.0.0.1/32', true, far),
      application('flood', `${floodAddress}/32`, kind === 'limited', kind === 'unlimited' ? far : near),
    ],
    routes: { default: { smarthost: `127.0.0.1:${sinkPort}`, tls: 'off' } },
  })
}
