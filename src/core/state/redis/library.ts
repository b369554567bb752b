/**
 * What all scripts begin with. A scope's keys all have its tag (`{carillon:scope}`), so that one node of a cluster has
 * them:
 *
 *   :meta            settings, beaten, seen, dropped, seq, items, cells, bytes, last and raw (the clock)
 *   :c:<key>         a cell: s state, v version, i items, b bytes, k counted, w wake, n number; its items in :i:<key>
 *   :names :age :wake    the keys in their order, by age (what waits behind what is idle), by when they are due
 *   :s:<id>          the output of an input that was seen
 *   :b:<id>          a batch: q seq, l lane, t state, d due, r ready, h holder, a attempt, p lapsed, c counted, o body,
 *                    e error, u result, m made, z ended; :bi: its items, :bb: its bytes, :p: progress
 *   :ready           what may be taken, by when, in the order of its making
 *   :lane:<lane>     the open ones of a lane; :hold:<holder> what he has
 *   :w0 … :w3        those that wait, are held, done, given up; :z2 :z3 when that ended
 *   :x:<n>           bytes of an item
 *   :op:<operation>  what it answered: a command whose reply was lost comes once more
 *
 * States are those of sqlite: 0 behind others, 1 waits, 2 offered, 3 held, 4 done, 6 given up.
 */
export const library = `
local P, op, call = KEYS[1], ARGV[1], redis.call
local A = 3
local function arg() A = A + 1; return ARGV[A - 1] end
local function num() return tonumber(arg()) end
local function K(kind, name) return P .. ':' .. kind .. (name and (':' .. name) or '') end
local function int(n) return string.format('%.0f', n) end
local function field(key, name) return call('HGET', key, name) or nil end
local function numberOf(key, name) return tonumber(call('HGET', key, name) or '') end
local META = K('meta')
local function member(seq, id) return string.format('%016.0f', seq) .. ':' .. id end
local function idOf(m) return string.sub(m, 18) end
local function WHICH(state) return math.floor(state / 2) end

local function age(busy, minutes, n)
  return (busy and 4503599627370496 or 0) + minutes * 134217728 + n % 134217728
end

local function shiftAll(name, back)
  local all = call('ZRANGE', K(name), 0, -1, 'WITHSCORES')
  for i = 1, #all, 2 do call('ZADD', K(name), int(tonumber(all[i + 1]) - back), all[i]) end
end
local function shiftField(key, name, back)
  local at = numberOf(key, name)
  if at then call('HSET', key, name, int(at - back)) end
end
-- The server's time was far ahead: all that was written by it moves back.
local function rebase(back)
  for _, name in ipairs({ 'wake', 'ready', 'z2', 'z3' }) do shiftAll(name, back) end
  for _, name in ipairs({ 'seen', 'beaten' }) do shiftField(META, name, back) end
  for _, key in ipairs(call('ZRANGE', K('wake'), 0, -1)) do shiftField(K('c', key), 'w', back) end
  local aged = call('ZRANGE', K('age'), 0, -1, 'WITHSCORES')
  for i = 1, #aged, 2 do
    call('ZADD', K('age'), int(tonumber(aged[i + 1]) - math.floor(back / 60000) * 134217728), aged[i])
  end
  for w = 0, 3 do
    for _, id in ipairs(call('ZRANGE', K('w' .. w), 0, -1)) do
      for _, name in ipairs({ 'd', 'r', 'm', 'z' }) do shiftField(K('b', id), name, back) end
    end
  end
end

-- It never goes back: where the server's is set back it goes on at half its speed until that has caught up.
local LAST, RAW
local function keepClock() call('HSET', META, 'last', string.format('%.1f', LAST), 'raw', int(RAW)) end
local function clock()
  local raw = tonumber(ARGV[2])
  if not raw then
    local t = call('TIME')
    raw = math.floor(tonumber(t[1]) * 1000 + tonumber(t[2]) / 1000)
  end
  local m = call('HMGET', META, 'last', 'raw')
  local last, before = tonumber(m[1] or '') or raw, tonumber(m[2] or '') or raw
  if last - raw > 86400000 then
    rebase(last - raw)
    last = raw
  elseif last > raw then last = math.max(raw, last + math.max(0, raw - before) / 2)
  else last = raw end
  LAST, RAW = last, raw
  if call('EXISTS', META) == 1 then keepClock() end
  return math.floor(last)
end
local NOW = clock()

local function done(result)
  call('SET', K('op', op), cjson.encode(result), 'PX', 600000)
  return result
end
local function before()
  local told = call('GET', K('op', op))
  return told and cjson.decode(told) or nil
end

local function alive()
  if (numberOf(META, 'seen') or 0) >= NOW - 3600000 then return end
  call('HSET', META, 'seen', int(NOW))
  keepClock()
end

local function isBehind(lane) return lane ~= '' and call('ZCARD', K('lane', lane)) > 0 end
local function ready(id, seq, at)
  call('HSET', K('b', id), 'r', int(at))
  call('ZADD', K('ready'), int(at), member(seq, id))
end
local function unready(id, seq)
  call('HDEL', K('b', id), 'r')
  call('ZREM', K('ready'), member(seq, id))
end
local function setState(id, seq, from, to)
  call('HSET', K('b', id), 't', to)
  if from and WHICH(from) ~= WHICH(to) then call('ZREM', K('w' .. WHICH(from)), id) end
  call('ZADD', K('w' .. WHICH(to)), seq, id)
end
local function letGo(id, holder)
  if not holder then return end
  call('HDEL', K('b', id), 'h')
  call('SREM', K('hold', holder), id)
end
local function find(id)
  local m = call('HMGET', K('b', id), 'q', 't', 'l', 'h', 'r', 'd')
  if not m[1] then return nil end
  return { id = id, seq = tonumber(m[1]), state = tonumber(m[2]), lane = m[3] or '', holder = m[4] or nil,
    ready = tonumber(m[5] or ''), due = tonumber(m[6]) }
end
-- The next of the lane is its head now.
local function unblock(lane)
  if lane == '' then return end
  local head = call('ZRANGE', K('lane', lane), 0, 0)[1]
  if not head then return end
  local b = find(head)
  if b.state ~= 0 then return end
  setState(head, b.seq, 0, 1)
  ready(head, b.seq, b.due)
end

local function addBytes(n) if n ~= 0 then call('HINCRBY', META, 'bytes', n) end end
local function sizeOf(key)
  local sum = 0
  for _, name in ipairs(call('HKEYS', key)) do sum = sum + call('HSTRLEN', key, name) end
  return sum
end
local function forgetItems(list)
  for _, item in ipairs(call('LRANGE', list, 0, -1)) do
    local n = string.sub(item, 1, string.find(item, ':', 1, true) - 1)
    if n ~= '' then
      addBytes(-sizeOf(K('x', n)))
      call('DEL', K('x', n))
    end
  end
  call('DEL', list)
end
local function remove(b)
  local id = b.id
  addBytes(-sizeOf(K('bb', id)))
  forgetItems(K('bi', id))
  unready(id, b.seq)
  letGo(id, b.holder)
  for w = 0, 3 do call('ZREM', K('w' .. w), id) end
  call('ZREM', K('z2'), id)
  call('ZREM', K('z3'), id)
  call('DEL', K('b', id), K('bb', id), K('p', id))
  if b.lane ~= '' then call('ZREM', K('lane', b.lane), id) end
  if b.state < 4 then unblock(b.lane) end
end
local function forgetCell(key)
  forgetItems(K('i', key))
  call('DEL', K('c', key))
  call('ZREM', K('names'), key)
  call('ZREM', K('age'), key)
  call('ZREM', K('wake'), key)
end

local function keep(key, blobs)
  for _, blob in ipairs(blobs) do call('HSET', key, blob[1], blob[2]) addBytes(#blob[2]) end
end

local function row(id)
  local m = call('HMGET', K('b', id), 'l', 'o', 'c', 'a', 'p', 'm', 'r')
  local items, blobs = {}, {}
  local function add(key)
    for _, name in ipairs(call('HKEYS', key)) do
      table.insert(blobs, name)
      table.insert(blobs, int(call('HSTRLEN', key, name)))
    end
  end
  local owners = {}
  for _, item in ipairs(call('LRANGE', K('bi', id), 0, -1)) do
    local at = string.find(item, ':', 1, true)
    if at > 1 then table.insert(owners, K('x', string.sub(item, 1, at - 1))) end
    table.insert(items, string.sub(item, at + 1))
  end
  -- Of two that have one name the batch's own counts, or else the first: the last entry wins.
  for i = #owners, 1, -1 do add(owners[i]) end
  add(K('bb', id))
  return { id, m[1], m[2], m[3], m[4], m[5], m[6], m[7], items, blobs }
end
local function give(b, state, holder, lease)
  if b.holder then
    call('HINCRBY', K('b', b.id), 'p', 1)
    letGo(b.id, b.holder)
  end
  call('HINCRBY', K('b', b.id), 'a', 1)
  call('HSET', K('b', b.id), 'h', holder)
  call('SADD', K('hold', holder), b.id)
  setState(b.id, b.seq, b.state, state)
  ready(b.id, b.seq, NOW + lease)
end
`;
