import { hash } from 'node:crypto';

/** A script, and the name by which Redis knows it once it has run. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

/**
 * KEYS: a hash for each limit that is asked about: of a client and of its network, or of a caller and
 * of a tool. Each field is the moment at which events stop counting, in microseconds since the epoch;
 * its value is how many they are.
 *
 * ARGV: for each key, its window in microseconds, its limit, the step in microseconds to which moments
 * are rounded up, or 0, and how many events are about to come.
 *
 * All times are those of Redis: the clocks of the instances do not matter.
 */
const prelude = `
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

-- Whatever else is under a key counts nothing.
local function fields_of(key)
  local reply = redis.pcall('HGETALL', key)
  if not reply.err then return reply, false end
  if string.find(reply.err, 'WRONGTYPE', 1, true) then return {}, true end
  return redis.call('HGETALL', key), false
end

local function read(index)
  local log = {
    key = KEYS[index],
    window = tonumber(ARGV[4 * index - 3]),
    limit = tonumber(ARGV[4 * index - 2]),
    step = tonumber(ARGV[4 * index - 1]),
    count = tonumber(ARGV[4 * index]),
    entries = {},
    dead = {},
    total = 0,
    wait = 0
  }
  local fields, is_foreign = fields_of(log.key)
  log.is_foreign = is_foreign
  for i = 1, #fields, 2 do
    local moment, count = tonumber(fields[i]), tonumber(fields[i + 1])
    -- Moments that are too far away were written before the clock was put back.
    if moment and count and count >= 1 and count <= 1000000
      and moment > now and moment <= now + 2 * log.window then
      table.insert(log.entries, { moment, count })
      log.total = log.total + count
    else
      table.insert(log.dead, fields[i])
    end
  end
  table.sort(log.entries, function (a, b) return a[1] < b[1] end)
  local excess = log.total + log.count - log.limit
  if excess > 0 then
    -- What is more than the limit alone never passes.
    log.wait = log.window
    for _, entry in ipairs(log.entries) do
      excess = excess - entry[2]
      if excess <= 0 then
        log.wait = entry[1] - now
        break
      end
    end
  end
  return log
end

local logs, reply, allowed = {}, {}, true
for index = 1, #KEYS do
  local log = read(index)
  logs[index] = log
  table.insert(reply, math.max(0, log.limit - log.total))
  table.insert(reply, log.wait)
  if log.wait > 0 then allowed = false end
end
`;

/**
 * Events that are refused are not recorded. Others are recorded under all keys.
 * Every write sets the expiry in the same step, so no key lives forever.
 */
const recording = `
local function write(log)
  local moment = now
  if log.step > 0 then moment = math.ceil(now / log.step) * log.step end
  moment = moment + log.window
  local last = log.entries[#log.entries]
  if last and last[1] == moment then
    last[2] = last[2] + log.count
  else
    table.insert(log.entries, { moment, log.count })
  end
  local fields = {}
  for _, entry in ipairs(log.entries) do
    table.insert(fields, string.format('%.0f', entry[1]))
    table.insert(fields, string.format('%.0f', entry[2]))
  end
  if log.is_foreign then redis.call('DEL', log.key) end
  -- The first to be written, because Redis with no memory left would let it pass after others.
  redis.call('HSET', log.key, unpack(fields))
  for _, field in ipairs(log.dead) do redis.call('HDEL', log.key, field) end
  redis.call('PEXPIRE', log.key, string.format('%.0f', math.ceil((moment - now) / 1000)))
end

for _, log in ipairs(logs) do
  if allowed then
    write(log)
  elseif redis.call('PTTL', log.key) == -1 then
    redis.call('PEXPIRE', log.key, string.format('%.0f', math.ceil(2 * log.window / 1000)))
  end
end
`;

/** Reads, and nothing else. It answers `{remaining, wait}` for each key, the wait in microseconds. */
export const peekScript: Script = createScript(`${prelude}\nreturn reply\n`);

/** Counts the events. It answers what {@link peekScript} would have, just before. */
export const countScript: Script = createScript(`${prelude}${recording}\nreturn reply\n`);

function createScript(source: string): Script {
  return { source, sha1: hash('sha1', source) };
}
