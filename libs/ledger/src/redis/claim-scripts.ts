/**
 * Claims: a string for each recipient with its owner, which Redis lets go when the lease is over.
 *
 * KEYS: the message's row, then the claim of each recipient. ARGV: owner, lease (ms), then the recipients.
 */
import { redisScript } from '@sallyport/redis'

/** Answers with the entries of the recipients (or nothing for each) where it is claimed, else for how many ms it is held at most. */
export const claimScript = redisScript(
  'claim',
  `
local held = 0
for i = 2, #KEYS do
  local owner = redis.call('GET', KEYS[i])
  if owner and owner ~= ARGV[1] then held = math.max(held, redis.call('PTTL', KEYS[i]), 1) end
end
if held > 0 then return held end
local entries = {}
for i = 2, #KEYS do
  redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
  entries[i - 1] = redis.call('HGET', KEYS[1], ARGV[i + 1])
end
return entries
`,
)

/** Answers 1 where all are held by this owner, who holds them anew; else 0, and nothing changes. */
export const renewScript = redisScript(
  'renew',
  `
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) ~= ARGV[1] then return 0 end
end
for i = 2, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
return 1
`,
)

export const releaseScript = redisScript(
  'release',
  `
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
return 1
`,
)
