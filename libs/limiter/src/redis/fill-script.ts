/**
 * A page of the buckets between two names that are not full.
 *
 * KEYS: not read, the names, the ends. ARGV: what the keys of buckets begin with, from and to which id (as ZRANGEBYLEX says it),
 * how many at most. Answers with the id that it looked at last, or nothing at the end, then an id and three doubles (backlog,
 * interval, burst) of each.
 */
import { redisScript } from '@sallyport/redis'
import { bucketLua } from './bucket-lua.ts'

export const fillScript = redisScript(
  'fill',
  `${bucketLua}
local prefix, most = ARGV[1], tonumber(ARGV[4])
sweep(prefix, 1000)
local ids = redis.call('ZRANGEBYLEX', KEYS[2], ARGV[2], ARGV[3], 'LIMIT', 0, most)
local found = { '' }
if #ids == most then found[1] = ids[#ids] end
for _, id in ipairs(ids) do
  local backlog, interval, burst = read(prefix .. id)
  if backlog > 0 then
    found[#found + 1] = id
    found[#found + 1] = struct.pack('<ddd', backlog, interval, burst)
  end
end
return found
`,
)
