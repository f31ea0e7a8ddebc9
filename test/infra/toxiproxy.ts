/** Shopify's toxiproxy between a role and a server: latency, cuts, half-open connections. Built from the Go module proxy. */
import { freePort } from '@sallyport/testkit'
import { goProgram } from './go-program.ts'
import { startServer } from './server-process.ts'

export const toxiproxyServer = {
  name: 'toxiproxy-server',
  module: 'github.com/Shopify/toxiproxy/v2',
  version: 'v2.5.0',
  main: 'github.com/Shopify/toxiproxy/v2/cmd/server',
}

export interface Toxic {
  readonly type: 'latency' | 'bandwidth' | 'timeout' | 'reset_peer' | 'slow_close' | 'limit_data'
  readonly stream: 'upstream' | 'downstream'
  readonly attributes: Readonly<Record<string, number>>
}

export interface Proxy {
  readonly port: number
  /** Returns what takes it away again. */
  add(toxic: Toxic): Promise<() => Promise<void>>
  /** Closes its connections and refuses new ones. */
  cut(): Promise<void>
  /** Takes connections again. */
  mend(): Promise<void>
}

export interface Toxiproxy {
  /** A new proxy to a port of loopback. */
  proxy(upstreamPort: number): Promise<Proxy>
  stop(): Promise<void>
}

export async function startToxiproxy(): Promise<Toxiproxy> {
  const path = await goProgram(toxiproxyServer)
  const apiPort = await freePort()
  const api = `http://127.0.0.1:${apiPort}`
  const server = await startServer({
    program: path,
    words: ['-host', '127.0.0.1', '-port', String(apiPort)],
    answers: () =>
      fetch(`${api}/version`).then(
        ({ ok }) => ok,
        () => false,
      ),
  })
  const call = async (method: string, what: string, body?: object): Promise<void> => {
    const answer = await fetch(`${api}${what}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
    if (!answer.ok) throw new Error(`${method} ${what}: ${answer.status} ${await answer.text()}`)
  }
  let made = 0
  return {
    async proxy(upstreamPort) {
      const name = `p${made++}`
      const port = await freePort()
      await call('POST', '/proxies', { name, listen: `127.0.0.1:${port}`, upstream: `127.0.0.1:${upstreamPort}`, enabled: true })
      return {
        port,
        async add(toxic) {
          const toxicName = `t${made++}`
          await call('POST', `/proxies/${name}/toxics`, { name: toxicName, ...toxic })
          return () => call('DELETE', `/proxies/${name}/toxics/${toxicName}`)
        },
        cut: () => call('POST', `/proxies/${name}`, { enabled: false }),
        mend: () => call('POST', `/proxies/${name}`, { enabled: true }),
      }
    },
    stop: () => server.stop(),
  }
}
