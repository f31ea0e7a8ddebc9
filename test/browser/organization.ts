/** An organization with seven sending systems, most of which do what design §1 complains of. Each comes from a loopback network of its own. */

export interface NextHops {
  /** Takes everything. */
  readonly main: number
  /** Puts everything off. */
  readonly bulk: number
}

/** The third octet of the addresses that an application comes from. */
export const networkOf = {
  billing: 1,
  crm: 2,
  monitoring: 3,
  newsletter: 4,
  printer: 5,
  shop: 6,
  helpdesk: 7,
} as const
export type ApplicationName = keyof typeof networkOf

const network = (name: ApplicationName): string => `127.0.${networkOf[name]}.0/24`
const watched = { domain: { mode: 'monitor' }, address: { mode: 'monitor' }, spam: { mode: 'monitor', holdAt: 8, rejectAt: 15 } }

export function organizationPolicy({ main, bulk }: NextHops): object {
  const application = (name: ApplicationName, more: object = {}) => ({
    name,
    owner: `${name}-team@example.com`,
    from: { networks: [network(name)] },
    senders: { addresses: [`*@${name}.example.com`], domains: [`${name}.example.com`] },
    checks: watched,
    ...more,
  })
  const burst = { per: 'application', count: 'messages', rate: '60/h', burst: 20 }
  return {
    organization: { name: 'Example', domains: ['example.com'], networks: ['127.0.0.0/8'] },
    applications: [
      application('billing', {
        senders: { addresses: ['invoices@example.com', '*@billing.example.com'], domains: ['billing.example.com'] },
      }),
      application('crm'),
      application('monitoring', { checks: { ...watched, throttle: { mode: 'monitor', limits: [burst] } } }),
      application('newsletter', { route: 'bulk', class: 'bulk' }),
      application('printer'),
      application('shop', { checks: { ...watched, domain: { mode: 'enforce' } } }),
      application('helpdesk', { checks: { ...watched, address: { mode: 'enforce', onFail: 'hold' } } }),
    ],
    routes: {
      default: { smarthost: `127.0.0.1:${main}`, tls: 'off' },
      bulk: { smarthost: `127.0.0.1:${bulk}`, tls: 'off' },
    },
  }
}
