/** Policies that tests start a gateway with. */
import type { Mode } from '@sallyport/contracts'

export interface OneApplication {
  /** Port of the next hop on loopback. */
  readonly nextHop: number
  readonly mode: Mode
  readonly connections?: number
  /** Fields of the application that differ. */
  readonly application?: object
}

/** An organization with example.com, and one application on loopback that may send as anybody there. */
export function oneApplication({ nextHop, mode, connections = 20, application = {} }: OneApplication): object {
  return {
    organization: { name: 'Example', domains: ['example.com'] },
    applications: [
      {
        name: 'app',
        owner: 'owner@example.com',
        from: { networks: ['127.0.0.0/8'] },
        senders: { domains: ['example.com'], addresses: ['app@example.com', '*@sub.example.com'] },
        checks: { domain: { mode }, address: { mode } },
        ...application,
      },
    ],
    routes: { default: { smarthost: `127.0.0.1:${nextHop}`, tls: 'off', connections } },
  }
}
