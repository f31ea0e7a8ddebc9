/**
 * Counts a DSN once, where fewer than allowed were counted within the hour; answers whether it is counted. The distance both
 * ways: a clock that was set back must not count the past for ever.
 *
 * KEYS: the DSNs, by when. ARGV: id, how many an hour.
 */
import { redisScript } from '@sallyport/redis'

export const countDsnScript = redisScript(
  'count-dsn',
  `
local clock = redis.call('TIME')
local now, hour = clock[1] * 1000 + math.floor(clock[2] / 1000), 3600000
local function text(ms) return string.format('%.0f', ms) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now - hour))
redis.call('ZREMRANGEBYSCORE', KEYS[1], text(now + hour), '+inf')
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], text(now), ARGV[1])
redis.call('PEXPIRE', KEYS[1], hour)
return 1
`,
)
