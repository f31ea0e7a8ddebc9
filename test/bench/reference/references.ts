/** What no gateway can pass on this machine: the load without a gateway, and a relay that does nothing but keep and pass on. */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startFlags } from '../gateway.ts'
import { waitForPort } from '../ports.ts'
import { type System, type SystemOptions, systemOf } from '../system.ts'

/** Source straight into sink. */
export const startNothing = async ({ sinkPort }: SystemOptions): Promise<System> => ({
  name: 'direct',
  port: sinkPort,
  pids: [],
  stop: async () => {},
})

export async function startBareRelay({ port, sinkPort, folder }: SystemOptions): Promise<System> {
  mkdirSync(folder, { recursive: true })
  const program = join(import.meta.dirname, 'bare-relay.ts')
  const child = spawn(process.execPath, [...startFlags(), program, String(port), String(sinkPort), folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await waitForPort(port)
  return systemOf('bare', port, child)
}
