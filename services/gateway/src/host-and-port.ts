/** `host:port` and `[v6]:port` as people write them. */
import { SallyportError } from '@sallyport/contracts'

export interface HostAndPort {
  readonly host: string
  readonly port: number
}

export const hostAndPortForm = 'write 127.0.0.1:2525, or [::1]:2525 for IPv6'

/** Undefined for anything else. Without a host it is every address of the machine. */
export function parseHostAndPort(text: string): HostAndPort | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  return match && port <= 65_535 ? { host: match[1] ?? match[2] ?? '', port } : undefined
}

/** Fails with CONFIG_INVALID, naming `setting`. */
export function hostAndPort(text: string, setting: string): HostAndPort {
  const parsed = parseHostAndPort(text)
  if (parsed) return parsed
  throw new SallyportError('CONFIG_INVALID', `${setting}: "${text}" is not host:port (${hostAndPortForm})`)
}
