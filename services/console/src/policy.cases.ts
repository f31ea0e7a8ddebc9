/** Policies for tests, as text. */

/** A valid policy as JSON, told apart by the organization's name. */
export function policyText(name: string): string {
  return JSON.stringify({
    organization: { name, domains: ['example.com'] },
    applications: [
      {
        name: 'billing',
        owner: 'owner@example.com',
        from: { networks: ['10.1.0.0/24'] },
        checks: { domain: { mode: 'enforce' }, address: { mode: 'monitor' } },
      },
    ],
    routes: { default: { capture: true } },
  })
}
