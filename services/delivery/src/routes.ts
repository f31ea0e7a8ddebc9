/** A route of the policy made ready to deliver by. */
import type { CompiledPolicy, Route } from '@sallyport/policy'
import type { PolicyView } from '@sallyport/runtime'
import type { Hop, SmarthostTarget } from './next-hop/next-hop.ts'

export type Destination =
  | { readonly kind: 'smarthost'; readonly name: string; readonly target: SmarthostTarget }
  | { readonly kind: 'capture'; readonly name: string; readonly folder: string; readonly connections: number }

export interface Destinations {
  /** The destination of this name in the current policy; undefined where it has none. */
  find(name: string): Destination | undefined
  /** How many the policy has. */
  count(): number
}

const defaultCaptureFolder = 'captured'

export function destinations(policy: PolicyView, defaultConnections: number): Destinations {
  let compiled: CompiledPolicy | undefined
  const found = new Map<string, Destination>()
  const current = (): CompiledPolicy => {
    const newest = policy.current()
    if (newest !== compiled) {
      compiled = newest
      found.clear()
    }
    return newest
  }
  return {
    find(name) {
      const newest = current()
      let destination = found.get(name)
      if (!destination) {
        const route = newest.route(name)
        if (!route) return undefined
        destination = destinationOf(name, route, defaultConnections)
        found.set(name, destination)
      }
      return destination
    },
    count: () => Object.keys(current().document.routes).length,
  }
}

export function destinationOf(name: string, route: Route, defaultConnections: number): Destination {
  if ('capture' in route) {
    const folder = typeof route.capture === 'string' ? route.capture : defaultCaptureFolder
    return { kind: 'capture', name, folder, connections: defaultConnections }
  }
  const tls = route.tls ?? 'opportunistic'
  const hosts = typeof route.smarthost === 'string' ? [route.smarthost] : route.smarthost
  const hops = hosts.map((host) => parseHop(host, tls === 'implicit' ? 465 : 25))
  return {
    kind: 'smarthost',
    name,
    target: {
      key: JSON.stringify([name, tls, route.user, route.secret, route.pipelining]),
      hops,
      tls,
      connections: route.connections ?? defaultConnections,
      pipelining: route.pipelining ?? true,
      ...(route.user === undefined ? {} : { user: route.user }),
      ...(route.secret === undefined ? {} : { secret: route.secret }),
    },
  }
}

export const connectionsOf = (destination: Destination): number =>
  destination.kind === 'capture' ? destination.connections : destination.target.connections

/** `host`, `host:port`, `[address]`, `[address]:port`, or a bare IPv6 address. */
export function parseHop(text: string, defaultPort: number): Hop {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text)
  if (bracketed) return { host: bracketed[1] ?? '', port: Number(bracketed[2] ?? defaultPort) }
  const plain = /^([^:]+)(?::(\d+))?$/.exec(text)
  return plain ? { host: plain[1] ?? '', port: Number(plain[2] ?? defaultPort) } : { host: text, port: defaultPort }
}
