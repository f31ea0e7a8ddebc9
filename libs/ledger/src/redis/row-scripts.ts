/**
 * What is kept of a message, for as long as anything of it may come again. Each change says in the field `at` (ms since the
 * epoch, the server's) when it was made; how long the row stays is only ever extended, since the processes that write it may
 * not agree.
 */
import { redisScript } from '@sallyport/redis'

const rowLua = `
local function touch(keep)
  local clock = redis.call('TIME')
  redis.call('HSET', KEYS[1], 'at', string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000)))
  if redis.call('PTTL', KEYS[1]) < tonumber(keep) then redis.call('PEXPIRE', KEYS[1], keep) end
end
`

/**
 * Takes the outcomes that are news, as `merge` does in memory, and lets the claims go. An entry reads `attempt outcome`.
 *
 * KEYS: the message's row, then the claim of each recipient. ARGV: owner, how long the row is kept (ms), 1 where the message was split by
 * that and else 0, then recipient, attempt and outcome of each.
 */
export const finishScript = redisScript(
  'finish',
  `${rowLua}
local isNews = false
for i = 2, #KEYS do
  local at = 3 * i - 2
  local before = redis.call('HGET', KEYS[1], ARGV[at])
  local attempt, outcome
  if before then attempt, outcome = string.match(before, '^(%d+) (%a+)$') end
  if not attempt or (outcome == 'deferred' and tonumber(ARGV[at + 1]) > tonumber(attempt)) then
    redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1] .. ' ' .. ARGV[at + 2])
    isNews = true
  end
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
if ARGV[3] == '1' and redis.call('HSET', KEYS[1], 'split', '1') == 1 then isNews = true end
if isNews then touch(ARGV[2]) end
return 1
`,
)

/** Sets one field. KEYS: the row. ARGV: field, value, how long the row is kept (ms). */
export const noteScript = redisScript(
  'note',
  `${rowLua}
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
touch(ARGV[3])
return 1
`,
)

/** Deletes a row that nothing was recorded of for longer than this (ms). KEYS: the row. */
export const pruneScript = redisScript(
  'prune',
  `
local clock = redis.call('TIME')
local at = redis.call('HGET', KEYS[1], 'at')
if not at or clock[1] * 1000 + clock[2] / 1000 - at <= tonumber(ARGV[1]) then return 0 end
return redis.call('DEL', KEYS[1])
`,
)
