/**
 * Reserves, in one call: whatever it reads and writes stands under one hash tag, and the time is the server's, so that clocks
 * of processes do not matter. The arithmetic is that of `gcra.ts` and `judge-claims.ts`, number for number: Lua counts in
 * doubles as well, and microseconds since the epoch are far below 2^53.
 *
 * KEYS: the message's reservation, the names, the ends, then the bucket of each claim.
 * ARGV: how far ahead (ms), how long it is remembered (ms), what the keys of buckets begin with, then interval (µs), burst and cost of each
 * claim.
 * Answers in doubles: 1 where it is a repeat, outcome, wait (µs), 1 + index of the claim above its burst or 0, then for each
 * claim the backlog after it and the wait (µs).
 */
import { redisScript } from '@sallyport/redis'
import { maxLowPoints } from '../low-points.ts'
import { bucketLua } from './bucket-lua.ts'

export const reserveScript = redisScript(
  'reserve',
  `${bucketLua}
local ahead, remembered, prefix = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local first, claims = 4, #KEYS - 3

local function answer(repeated, outcome, wait, above, backlogs, waits)
  local doubles = { struct.pack('<dddd', repeated, outcome, wait, above) }
  for i = 1, claims do doubles[i + 1] = struct.pack('<dd', backlogs[i], waits[i] or 0) end
  return table.concat(doubles)
end

local function note(points, backlog)
  while #points > 0 and points[#points] >= backlog do
    table.remove(points)
    table.remove(points)
  end
  if #points > 0 and points[#points - 1] >= now then return end
  points[#points + 1] = now
  points[#points + 1] = backlog
  while points[1] < now - tonumber(remembered) * 1000 do
    table.remove(points, 1)
    table.remove(points, 1)
  end
  if #points <= ${2 * maxLowPoints} then return end
  local nearest, least = 1, math.huge
  for at = 1, #points - 3, 2 do
    local difference = 1 - points[at + 1] / points[at + 3]
    if difference < least then nearest, least = at, difference end
  end
  points[nearest] = points[nearest + 2]
  table.remove(points, nearest + 3)
  table.remove(points, nearest + 2)
end

local backlogs, waits, shapes = {}, {}, {}
for i = 1, claims do
  local backlog, interval, burst, points = read(KEYS[first - 1 + i])
  backlogs[i], shapes[i] = backlog, { interval, burst, points }
end

local before = redis.call('GET', KEYS[1])
if before then
  local outcome, wait, above, at = struct.unpack('<Bdd', before)
  local each = 0
  while at <= #before do
    local _, claimWait, id
    _, claimWait, id, at = struct.unpack('<ddHc0', before, at)
    each = each + 1
    if #id > 0 then waits[each] = claimWait end
  end
  return answer(1, outcome, wait, above, backlogs, waits)
end

local outcome, wait, above = 0, 0, 0
for i = 1, claims do
  if above == 0 and tonumber(ARGV[3 * i + 3]) > tonumber(ARGV[3 * i + 2]) then above, outcome = i, 2 end
end
for i = 1, claims do
  local interval, burst, cost = tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2]), tonumber(ARGV[3 * i + 3])
  waits[i] = 0
  if above == 0 then waits[i] = math.max(0, math.floor(backlogs[i] - (burst - cost) * interval)) end
  wait = math.max(wait, waits[i])
end
if wait / 1000 > ahead then outcome = 1 end

local record = { struct.pack('<Bdd', outcome, wait, above) }
for i = 1, claims do
  local key = KEYS[first - 1 + i]
  local id = string.sub(key, #prefix + 1)
  local interval, burst, cost = tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2]), tonumber(ARGV[3 * i + 3])
  local taken = 0
  if outcome == 0 then taken = cost * interval end
  if taken > 0 then
    note(shapes[i][3], backlogs[i])
    backlogs[i] = backlogs[i] + taken
    write(key, id, backlogs[i], interval, burst, shapes[i][3])
  elseif shapes[i][1] and (shapes[i][1] ~= interval or shapes[i][2] ~= burst) then
    write(key, id, backlogs[i], interval, burst, shapes[i][3])
  end
  record[i + 1] = struct.pack('<ddHc0', taken, waits[i], #id, id)
end
-- A claim of no bucket says when.
record[claims + 2] = struct.pack('<ddHc0', 0, now, 0, '')
redis.call('SET', KEYS[1], table.concat(record), 'PX', remembered)
sweep(prefix, 2 * claims + 8)
return answer(0, outcome, wait, above, backlogs, waits)
`,
)
