/**
 * Gives back what a message took, once.
 *
 * KEYS: the message's reservation, the names, the ends; buckets by what the reservation says, under the same hash tag.
 * ARGV: what the keys of buckets begin with, and how long a reservation is remembered (ms).
 */
import { redisScript } from '@sallyport/redis'
import { bucketLua } from './bucket-lua.ts'

export const refundScript = redisScript(
  'refund',
  `${bucketLua}
local prefix = ARGV[1]

local function give(points, when, cost, backlog)
  local first = 1
  while first <= #points and points[first] <= when do first = first + 2 end
  local given = math.max(0, math.min(cost, backlog, points[first + 1] or backlog))
  for at = first + 1, #points, 2 do points[at] = points[at] - given end
  local lowest = math.min(backlog - given, points[first + 1] or math.huge)
  while first > 1 and points[first - 1] >= lowest do
    table.remove(points, first - 1)
    table.remove(points, first - 2)
    first = first - 2
  end
  return given
end

local record = redis.call('GET', KEYS[1])
if not record then return 0 end
-- When it was: by what is left of its time (ms) where it does not say so at its end.
local when = now - (tonumber(ARGV[2]) - redis.call('PTTL', KEYS[1])) * 1000
if #record >= 35 then
  local _, said, length = struct.unpack('<ddH', record, #record - 17)
  if length == 0 then when = said end
end
redis.call('DEL', KEYS[1])
local _, _, _, at = struct.unpack('<Bdd', record)
while at <= #record do
  local taken, wait, id
  taken, wait, id, at = struct.unpack('<ddHc0', record, at)
  local key = prefix .. id
  local backlog, interval, burst, points = read(key)
  if taken > 0 and interval then write(key, id, backlog - give(points, when, taken, backlog), interval, burst, points) end
end
return 1
`,
)
