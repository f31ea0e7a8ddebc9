/** Where an engine listens: `host:port`, `[IPv6]:port`, or the path of a Unix socket. */
import { SallyportError } from '@sallyport/contracts/basics'

export type EngineAddress =
  | { readonly host: string; readonly port: number; readonly path?: never }
  | { readonly path: string; readonly host?: never; readonly port?: never }

export const engineAddressForm = 'write host:port or /path/of/socket'

/** Undefined for anything else. */
export function parseEngineAddress(text: string): EngineAddress | undefined {
  const path = text.startsWith('unix:') ? text.slice('unix:'.length) : text
  if (path.startsWith('/')) return { path }
  const [, literal, name, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const host = literal ?? name
  const port = Number(digits)
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined
}

/** Fails with CONFIG_INVALID. */
export function engineAddress(text: string): EngineAddress {
  const parsed = parseEngineAddress(text)
  if (parsed) return parsed
  throw new SallyportError('CONFIG_INVALID', `"${text}" is no address of an engine: ${engineAddressForm}`)
}
