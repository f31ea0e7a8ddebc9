/** `host:port` and `[v6]:port` as people write them. */
import { SallyportError } from '@sallyport/contracts'

export function hostAndPort(text: string, setting: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535) {
    throw new SallyportError(
      'CONFIG_INVALID',
      `${setting}: "${text}" is not host:port (write 127.0.0.1:2525, or [::1]:2525 for IPv6)`,
    )
  }
  return { host: match[1] ?? match[2] ?? '', port }
}
