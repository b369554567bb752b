import { keptFor } from '../bounds';
import type { Engine } from '../engine';
import { library } from './library';

/** Steps of one scope, each a script. Arguments follow those of the steps, lists with their length in front. */
type Scripted = Exclude<
	keyof Engine,
	'read' | 'write' | 'set' | 'delete' | 'claim' | 'notices' | 'dismiss' | 'blob' | 'keys' | 'seenAt' | 'status'
>;

const bodies: Record<Scripted, string> = {
	now: `return int(NOW)`,

	look: `
local key = arg()
local c = call('HMGET', K('c', key), 'v', 's', 'i', 'b', 'k', 'w')
local seen = {}
for i = 1, num() do seen[i] = call('GET', K('s', arg())) end
return { int(NOW), c[1], c[2], c[3], c[4], c[5], c[6], seen }`,

	commit: `
if before() then return 'done' end
local key, expected = arg(), arg()
local hasCell, state, items, bytes, counted, wake = arg() == '1', arg(), num(), num(), num(), arg()
local mostKeys, mostBatches, mostBytes = num(), num(), num()
local version = field(K('c', key), 'v') or ''
if version ~= expected then return version == op and 'done' or 'changed' end

local function readBlobs()
  local blobs = {}
  for i = 1, num() do blobs[i] = { arg(), arg() } end
  return blobs
end
local steps, made, more = {}, 0, 0
local function weigh(blobs) for _, blob in ipairs(blobs) do more = more + #blob[2] end end
for s = 1, num() do
  local step = { seen = {}, append = {}, batches = {} }
  for i = 1, num() do step.seen[i] = { arg(), arg() } end
  for i = 1, num() do
    step.append[i] = { arg(), readBlobs() }
    weigh(step.append[i][2])
  end
  for i = 1, num() do
    step.batches[i] = { id = arg(), lane = arg(), due = arg(), body = arg(), take = num(), counted = num(),
      holder = arg(), lease = num(), blobs = readBlobs() }
    weigh(step.batches[i].blobs)
    made = made + 1
  end
  steps[s] = step
end
for _, step in ipairs(steps) do
  for _, seen in ipairs(step.seen) do
    if call('EXISTS', K('s', seen[1])) == 1 then return 'changed' end
  end
end
if made > 0 and call('ZCARD', K('w0')) + call('ZCARD', K('w1')) + made > mostBatches then return 'too many' end
if more > 0 then
  local there = numberOf(META, 'bytes') or 0
  if there + more > mostBytes then
    -- What is done makes room first.
    for _, id in ipairs(call('ZRANGE', K('w2'), 0, -1)) do
      if there + more <= mostBytes then break end
      local size = #row(id)[10]
      if size > 0 then remove(find(id)) end
      there = numberOf(META, 'bytes') or 0
    end
    if there + more > mostBytes then return 'too much' end
  end
end

alive()
if version == '' and hasCell and call('ZCARD', K('names')) >= mostKeys then
  local oldest = call('ZRANGE', K('age'), 0, 0)[1]
  if oldest then
    call('HINCRBY', META, 'dropped', 1 + call('LLEN', K('i', oldest)))
    forgetCell(oldest)
  end
end
for _, step in ipairs(steps) do
  for _, seen in ipairs(step.seen) do call('SET', K('s', seen[1]), seen[2], 'PX', ${keptFor.seen}) end
  for _, item in ipairs(step.append) do
    local n = ''
    if #item[2] > 0 then
      n = int(call('HINCRBY', META, 'items', 1))
      keep(K('x', n), item[2])
    end
    call('RPUSH', K('i', key), n .. ':' .. item[1])
  end
  for _, b in ipairs(step.batches) do
    local seq = call('HINCRBY', META, 'seq', 1)
    local due = b.due == '' and NOW or tonumber(b.due)
    local behind = isBehind(b.lane)
    call('HSET', K('b', b.id), 'q', seq, 'd', int(due), 'a', 0, 'p', 0, 'c', b.counted, 'o', b.body, 'm', int(NOW))
    if b.lane ~= '' then
      call('HSET', K('b', b.id), 'l', b.lane)
      call('ZADD', K('lane', b.lane), seq, b.id)
    end
    setState(b.id, seq, nil, behind and 0 or 1)
    if not behind then ready(b.id, seq, due) end
    if b.holder ~= '' and not behind then give(find(b.id), 2, b.holder, b.lease) end
    keep(K('bb', b.id), b.blobs)
    if b.take > 0 then
      if b.take >= call('LLEN', K('i', key)) then
        if call('EXISTS', K('i', key)) == 1 then call('RENAME', K('i', key), K('bi', b.id)) end
      else
        for _, item in ipairs(call('LRANGE', K('i', key), 0, b.take - 1)) do call('RPUSH', K('bi', b.id), item) end
        call('LTRIM', K('i', key), b.take, -1)
      end
    end
  end
end
if hasCell then
  local c = K('c', key)
  local n = numberOf(c, 'n') or call('HINCRBY', META, 'cells', 1)
  call('HSET', c, 'v', op, 'i', items, 'b', bytes, 'k', counted, 'n', n)
  if state == '' then call('HDEL', c, 's') else call('HSET', c, 's', state) end
  if wake == '' then
    call('HDEL', c, 'w')
    call('ZREM', K('wake'), key)
  else
    call('HSET', c, 'w', wake)
    call('ZADD', K('wake'), wake, key)
  end
  call('ZADD', K('names'), 0, key)
  call('ZADD', K('age'), int(age(items > 0 or wake ~= '', math.floor(NOW / 60000), n)), key)
else forgetCell(key) end
done('done')
return 'done'`,

	due: `return call('ZRANGEBYSCORE', K('wake'), '-inf', int(NOW), 'LIMIT', 0, arg())`,

	nextDue: `
local wake = call('ZRANGE', K('wake'), 0, 0, 'WITHSCORES')[2]
local ready = call('ZRANGE', K('ready'), 0, 0, 'WITHSCORES')[2]
if not wake then return ready or false end
if not ready then return wake end
return int(math.min(tonumber(wake), tonumber(ready)))`,

	take: `
local holder, lease, most = arg(), num(), arg()
local ids = before()
local rows = {}
if ids then
  -- Those that are still his.
  for _, id in ipairs(ids) do
    if field(K('b', id), 'h') == holder then table.insert(rows, row(id)) end
  end
  return rows
end
ids = {}
for i, m in ipairs(call('ZRANGEBYSCORE', K('ready'), '-inf', int(NOW), 'LIMIT', 0, most)) do
  local b = find(idOf(m))
  give(b, 2, holder, lease)
  ids[i] = b.id
  rows[i] = row(b.id)
end
if #ids > 0 then done(ids) end
return rows`,

	hold: `
local id, holder, lease = arg(), arg(), num()
local b = find(id)
if not b or not b.ready then return false end
if b.state == 2 or (b.state == 3 and b.holder == holder) then
  if b.holder ~= holder then
    letGo(id, b.holder)
    call('HSET', K('b', id), 'h', holder)
    call('SADD', K('hold', holder), id)
  end
  setState(id, b.seq, b.state, 3)
  ready(id, b.seq, NOW + lease)
  return row(id)
end
if b.ready > NOW then return false end
give(b, 3, holder, lease)
return row(id)`,

	extend: `
local holder, lease = arg(), num()
local his = call('SMEMBERS', K('hold', holder))
for _, id in ipairs(his) do ready(id, find(id).seq, NOW + lease) end
return #his`,

	settle: `
local told = before()
if told then return told end
local id, holder, which, later, hasError, problem, hasResult, result = arg(), arg(), arg(), num(), arg(), arg(), arg(), arg()
local b = find(id)
if not b or b.holder ~= holder then return 0 end
letGo(id, holder)
if hasError == '1' then call('HSET', K('b', id), 'e', problem) else call('HDEL', K('b', id), 'e') end
if which == 'later' then
  setState(id, b.seq, b.state, 1)
  call('HSET', K('b', id), 'p', 0, 'd', int(NOW + later))
  ready(id, b.seq, NOW + later)
  return done(1)
end
local state = which == 'done' and 4 or 6
unready(id, b.seq)
setState(id, b.seq, b.state, state)
call('HSET', K('b', id), 'z', int(NOW))
if hasResult == '1' then call('HSET', K('b', id), 'u', result) end
call('ZADD', K('z' .. WHICH(state)), int(NOW), id)
if b.lane ~= '' then call('ZREM', K('lane', b.lane), id) end
unblock(b.lane)
return done(1)`,

	readProgress: `
local id, node = arg(), arg()
if call('EXISTS', K('b', id)) == 0 then return false end
local p = K('p', id)
return { call('HGET', p, 'o:' .. node), call('HGET', p, 'v:' .. node) }`,

	writeProgress: `
local id, node, expected, value = arg(), arg(), arg(), arg()
if call('EXISTS', K('b', id)) == 0 then return 1 end
local p = K('p', id)
local version = field(p, 'v:' .. node) or ''
if version ~= expected then return version == op and 1 or 0 end
call('HSET', p, 'o:' .. node, value, 'v:' .. node, op)
return 1`,

	list: `
local place, past, most, order = K('w' .. arg()), arg(), arg(), arg()
local ids
if order == 'newest first' then
  ids = call('ZREVRANGEBYSCORE', place, past == '0' and '+inf' or '(' .. past, '-inf', 'LIMIT', 0, most)
else
  ids = call('ZRANGEBYSCORE', place, '(' .. past, '+inf', 'LIMIT', 0, most)
end
local rows = {}
for i, id in ipairs(ids) do
  rows[i] = call('HMGET', K('b', id), 'q', 'l', 'o', 'a', 'm', 'd', 'z', 'e', 'u')
  table.insert(rows[i], 1, id)
end
return rows`,

	resend: `
local told = before()
if told then return told end
local b = find(arg())
if not b then return 0 end
if b.state == 1 and b.ready > NOW then
  call('HSET', K('b', b.id), 'd', int(NOW))
  ready(b.id, b.seq, NOW)
  return done(1)
end
if b.state < 4 then return 0 end
local seq = call('HINCRBY', META, 'seq', 1)
local behind = isBehind(b.lane)
call('ZREM', K('z' .. WHICH(b.state)), b.id)
call('HSET', K('b', b.id), 'q', seq, 'm', int(NOW), 'd', int(NOW), 'a', 0, 'p', 0)
call('HDEL', K('b', b.id), 'e', 'u', 'z')
-- What was delivered as a whole is sent as a whole.
if b.state == 4 then call('DEL', K('p', b.id)) end
if b.lane ~= '' then call('ZADD', K('lane', b.lane), seq, b.id) end
setState(b.id, seq, b.state, behind and 0 or 1)
if not behind then ready(b.id, seq, NOW) end
return done(1)`,

	drop: `
local told = before()
if told then return told end
local b = find(arg())
if not b then return 0 end
remove(b)
return done(1)`,

	heartbeat: `
local told = before()
if told then return told end
local settings = arg()
local b = call('HMGET', META, 'settings', 'beaten', 'seen')
call('HSET', META, 'settings', settings, 'beaten', int(NOW), 'seen', int(NOW))
keepClock()
return done({ b[1], b[2], b[3] and 1 or 0 })`,

	prune: `
local removed = 0
local function over(zset, most)
  for _, id in ipairs(call('ZRANGEBYSCORE', K(zset), '-inf', int(NOW - most), 'LIMIT', 0, 500)) do
    remove(find(id))
    removed = removed + 1
  end
end
over('z2', ${keptFor.done})
over('z3', ${keptFor.dead})
local old = age(false, math.floor((NOW - ${keptFor.idle}) / 60000) + 1, 0) - 1
for _, key in ipairs(call('ZRANGEBYSCORE', K('age'), '-inf', int(old), 'LIMIT', 0, 500)) do
  forgetCell(key)
  removed = removed + 1
end
if (numberOf(META, 'seen') or 0) > NOW - ${keptFor.scope} then return { removed, 0 } end
for _, key in ipairs(call('ZRANGE', K('names'), 0, 499)) do
  forgetCell(key)
  removed = removed + 1
end
for w = 0, 3 do
  for _, id in ipairs(call('ZRANGE', K('w' .. w), 0, 499)) do
    remove(find(id))
    removed = removed + 1
  end
end
if removed > 0 then return { removed, 0 } end
call('DEL', META)
return { 0, 1 }`,
};

export const scripts = Object.fromEntries(
	Object.entries(bodies).map(([name, body]) => [name, library + body]),
) as Record<Scripted, string>;

/** Of one key of `get` and `set`: a hash of v the value and o the operation that wrote it. */
export const valueScripts = {
	valueWrite: `
local version = redis.call('HGET', KEYS[1], 'o') or ''
if version ~= ARGV[2] then return version == ARGV[1] and 1 or 0 end
if ARGV[3] == '0' then redis.call('DEL', KEYS[1]) return 1 end
redis.call('HSET', KEYS[1], 'v', ARGV[4], 'o', ARGV[1])
if ARGV[5] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
return 1`,
	valueSet: `
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'o', ARGV[1])
if ARGV[3] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1`,
	valueClaim: `
local there = redis.call('HGET', KEYS[1], 'o')
if there then return there == ARGV[1] and 1 or 0 end
redis.call('HSET', KEYS[1], 'v', '', 'o', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`,
};
