/**
 * Gives back what a message took, once.
 *
 * KEYS: the message's reservation, the names, the ends; buckets by what the reservation says, under the same hash tag.
 * ARGV: what the keys of buckets begin with, and how long a reservation is remembered (ms).
 */
import { redisScript } from '@sallyport/redis'
import { bucketLua } from './bucket-lua.ts'

export const refundScript = redisScript(`${bucketLua}
local prefix = ARGV[1]
local record = redis.call('GET', KEYS[1])
if not record then return 0 end
-- How long ago it was, by what is left of its time (ms): what has leaked since is not there to be given back.
local gone = (tonumber(ARGV[2]) - redis.call('PTTL', KEYS[1])) * 1000
redis.call('DEL', KEYS[1])
local _, _, _, at = struct.unpack('<Bdd', record)
while at <= #record do
  local taken, wait, id
  taken, wait, id, at = struct.unpack('<ddHc0', record, at)
  local key = prefix .. id
  local backlog, interval, burst = read(key)
  if taken > 0 and interval then write(key, id, backlog - math.min(backlog, gone >= taken and 0 or taken), interval, burst) end
end
return 1
`)
