/**
 * What the scripts of the limiter have in common. A bucket is a string of doubles: backlog (µs), when that was so (µs since
 * the epoch), interval (µs) and burst, then its low points (`low-points.ts`); it expires when it is full. Its id (application, NUL, name) stands in two sorted sets,
 * since a key cannot be found by its beginning: \`names\`, all of score 0 and so in the order of their bytes, and \`ends\`, by when
 * they are full, so that what is over is taken out of both. Expects KEYS[2] and KEYS[3] to be these.
 */
export const bucketLua = `
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

local function read(key)
  local value = redis.call('GET', key)
  if not value or #value < 32 or #value % 16 ~= 0 then return 0, nil, nil, {} end
  local backlog, at, interval, burst, place = struct.unpack('<dddd', value)
  if now > at then backlog = math.max(0, backlog - (now - at)) end
  local points = {}
  while place <= #value do points[#points + 1], place = struct.unpack('<d', value, place) end
  return backlog, interval, burst, points
end

local function write(key, id, backlog, interval, burst, points)
  if backlog <= 0 then
    redis.call('DEL', key)
    redis.call('ZREM', KEYS[2], id)
    redis.call('ZREM', KEYS[3], id)
    return
  end
  local value = struct.pack('<dddd' .. string.rep('d', #points), backlog, now, interval, burst, unpack(points))
  redis.call('SET', key, value, 'PX', string.format('%.0f', math.min(math.ceil(backlog / 1000) + 1, 1e15)))
  redis.call('ZADD', KEYS[2], 0, id)
  redis.call('ZADD', KEYS[3], string.format('%.0f', now + backlog), id)
end

local function sweep(prefix, most)
  local over = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now), 'LIMIT', 0, most)
  for _, id in ipairs(over) do
    local key = prefix .. id
    local backlog, interval, burst, points = read(key)
    write(key, id, backlog, interval, burst, points)
  end
  return #over
end
`
