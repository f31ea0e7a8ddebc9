/** A Lua script that a connection runs. */
import { hash } from 'node:crypto'

export interface RedisScript {
  readonly lua: string
  /** SHA-1, by which EVALSHA names it. */
  readonly sha: string
}

export const redisScript = (lua: string): RedisScript => ({ lua, sha: hash('sha1', lua, 'hex') })
