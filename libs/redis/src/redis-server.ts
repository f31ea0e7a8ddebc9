/** Where a Redis is, and how to be let in. */
import { SallyportError } from '@sallyport/contracts'

export interface RedisTls {
  /** PEM of the authorities to trust; default those of Node. */
  readonly ca?: string
  /** PEM of a client certificate and its key. */
  readonly cert?: string
  readonly key?: string
  /** The name that the server's certificate must bear; default the host. */
  readonly servername?: string
}

/** `url`, or `host` and `port`; what else is given counts more than what the URL says. */
export interface RedisServer {
  /** `redis://` or, for TLS, `rediss://`, then `[user[:password]@]host[:port][/database]`. */
  readonly url?: string
  readonly host?: string
  /** Default 6379. */
  readonly port?: number
  readonly username?: string
  readonly password?: string
  /** Default 0. */
  readonly database?: number
  readonly tls?: boolean | RedisTls
}

export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
  readonly db: number
  readonly tls?: RedisTls
}

const defaultPort = 6379

/** Fails with CONFIG_INVALID where it names no server; never repeats the URL, which may hold the password. */
export function redisAddress(server: RedisServer): RedisAddress {
  const url = server.url === undefined ? undefined : parseUrl(server.url)
  const host = server.host ?? url?.hostname
  if (!host) throw new SallyportError('CONFIG_INVALID', 'a Redis server needs a url or a host')
  const username = server.username ?? decode(url?.username)
  const password = server.password ?? decode(url?.password)
  const tls = server.tls ?? url?.protocol === 'rediss:'
  return {
    // An IPv6 address stands in brackets in a URL only.
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: server.port ?? (Number(url?.port) || defaultPort),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    db: server.database ?? Number(url?.pathname.slice(1) || 0),
    ...(tls === false ? {} : { tls: tls === true ? {} : tls }),
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^rediss?:$/.test(url.protocol) && url.hostname && /^(\/\d{0,4})?$/.test(url.pathname)) return url
  throw new SallyportError(
    'CONFIG_INVALID',
    'the url of a Redis server has the form redis[s]://[user[:password]@]host[:port][/database]',
  )
}

function decode(text: string | undefined): string | undefined {
  try {
    return text ? decodeURIComponent(text) : undefined
  } catch {
    // A per cent sign that stands for itself.
    return text
  }
}
