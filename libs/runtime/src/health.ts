/** `/healthz`, `/readyz` and `/metrics` of a process. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SallyportError } from '@sallyport/contracts'
import type { Registry } from 'prom-client'
import { exposition } from './metrics/exposition.ts'
import type { Readiness } from './role.ts'

export interface HealthServer {
  /** host:port */
  readonly address: string
  stop(): Promise<void>
}

export interface HealthOptions {
  readonly host: string
  readonly port: number
  readonly metrics: Registry
  /** By role. */
  readonly readiness: () => Readonly<Record<string, Readiness>>
  /** False when the process should be restarted (liveness). */
  readonly isAlive: () => boolean
}

export async function serveHealth(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
    }
    const json = (status: number, body: unknown): void => send(status, 'application/json', `${JSON.stringify(body)}\n`)
    switch (request.url?.split('?')[0]) {
      case '/healthz':
        return json(options.isAlive() ? 200 : 503, { alive: options.isAlive() })
      case '/readyz': {
        const roles = options.readiness()
        const ready = Object.values(roles).every((role) => role.ready)
        return json(ready ? 200 : 503, { ready, roles })
      }
      case '/metrics':
        exposition(options.metrics, request.headers.accept).then(
          ({ contentType, text }) => send(200, contentType, text),
          (error: unknown) => json(500, { error: String(error) }),
        )
        return
      default:
        return json(404, { error: 'not found: try /healthz, /readyz or /metrics' })
    }
  })
  await listen(server, options.host, options.port)
  const { address, port } = server.address() as AddressInfo
  return {
    address: address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port, 'health.listen')))
    server.listen(port, host, resolve)
  })
}

/** What to tell an operator when a port cannot be had; other errors come back as they are. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number, setting: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new SallyportError(
      'PORT_IN_USE',
      `${host}:${port} is in use by another program: stop it, or set ${setting} to another address`,
      { cause: error },
    )
  }
  if (error.code === 'EACCES') {
    return new SallyportError(
      'PORT_IN_USE',
      `${host}:${port} may not be used by this user: choose a port from 1024 on in ${setting}, or grant CAP_NET_BIND_SERVICE`,
      { cause: error },
    )
  }
  if (error.code === 'EADDRNOTAVAIL') {
    return new SallyportError('PORT_IN_USE', `${host} is not an address of this machine: correct ${setting}`, { cause: error })
  }
  return error
}
