/** Sallyport on one machine, two or four checks enforced, everything durable before the 250. */
import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitForPort } from './ports.ts'
import { type System, type SystemOptions, systemOf } from './system.ts'
import type { SystemChoice } from './systems.ts'
import { addresses, domains } from './workload.ts'

const root = join(import.meta.dirname, '../..')

/** The flags of `npm start`. */
export function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return String(scripts.start)
    .split(' ')
    .filter((word) => word.startsWith('--'))
}

export const startSallyport = (at: SystemOptions, { fourChecks, nodeFlags }: SystemChoice): Promise<System> =>
  startGateway(at, policy(at.sinkPort, at.folder, fourChecks), nodeFlags)

/** The directory of the policy is `senders.txt` in the folder. */
export async function startGateway(
  { port, folder }: SystemOptions,
  policyText: string,
  nodeFlags: readonly string[],
): Promise<System> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'senders.txt'), `${addresses.join('\n')}\n`)
  writeFileSync(join(folder, 'policy.yaml'), policyText)
  const settings = {
    data: join(folder, 'data'),
    policy: join(folder, 'policy.yaml'),
    'smtp.listen': `127.0.0.1:${port}`,
    'console.listen': '127.0.0.1:0',
    'health.listen': '127.0.0.1:0',
    'log.level': 'warn',
    minFreeBytes: '0',
  }
  const words = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const child = spawn(
    join(root, 'node_modules/.bin/node'),
    [...startFlags(), ...nodeFlags, join(root, 'services/gateway/src/main.ts'), ...words],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  child.stderr.pipe(createWriteStream(join(folder, 'gateway.log')))
  await waitForPort(port)
  return systemOf('sallyport', port, child)
}

/** Judged as all others, with lines that nothing reaches, so that every message comes out at the sink and can be counted. */
const twoMore = {
  spam: { mode: 'enforce', holdAt: 1_000_000 },
  throttle: {
    mode: 'enforce',
    limits: [
      { per: 'application', count: 'recipients', rate: '1000000000/h', burst: 100_000_000 },
      { per: 'sender', count: 'messages', rate: '1000000000/h', burst: 100_000_000 },
    ],
  },
}

function policy(sinkPort: number, folder: string, fourChecks: boolean): string {
  const document = {
    organization: { name: 'Bench', domains: [...domains] },
    directories: { senders: { file: join(folder, 'senders.txt') } },
    applications: [
      {
        name: 'shop',
        owner: `owner@${domains[0]}`,
        from: { networks: ['127.0.0.0/8'] },
        senders: { domains: [...domains], directories: ['senders'] },
        maxUnsettled: 1000,
        checks: { domain: { mode: 'enforce' }, address: { mode: 'enforce' }, ...(fourChecks ? twoMore : {}) },
      },
    ],
    routes: { default: { smarthost: `127.0.0.1:${sinkPort}`, tls: 'off' } },
  }
  return JSON.stringify(document, null, 2)
}
