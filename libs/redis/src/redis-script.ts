/** A Lua script that a connection runs. */
import { hash } from 'node:crypto'

export interface RedisScript {
  /** What it does, for metrics. */
  readonly name: string
  readonly lua: string
  /** SHA-1, by which EVALSHA names it. */
  readonly sha: string
}

export const redisScript = (name: string, lua: string): RedisScript => ({ name, lua, sha: hash('sha1', lua, 'hex') })
