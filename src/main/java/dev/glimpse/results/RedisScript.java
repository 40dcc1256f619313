package dev.glimpse.results;

import dev.glimpse.redis.Script;

/** What {@link RedisStore} asks of Redis: one script, whose first argument says what to do. */
final class RedisScript {

  /**
   * Keeps jobs below the prefix that is its key: {@code <prefix>job:<id>} is a hash with the job,
   * its body and its result, {@code <prefix>answers:<id>} one with the answers to its images;
   * {@code queue} and {@code due} hold the ids of the jobs to be worked on and of the results to be
   * sent, by the time from which an instance may take them, in milliseconds since 1970 by Redis's
   * clock, with a fraction, so that jobs of one millisecond keep their order; {@code all} holds
   * those of all jobs, by the time when they are forgotten; {@code sizes} holds their bytes, and
   * {@code bytes} the sum. An instance that has taken a job writes its token into the job, and can
   * only work on it as long as no other one has. A Redis that is full refuses new jobs only: it
   * lets a script write that has begun with a command that needs no memory, and what is written for
   * known jobs is little, or takes the place of their bodies. Results expire by themselves an hour
   * after their time, if no instance is left that forgets them. Of the jobs that wait, and of the
   * results, an instance looks at the first 1000, so that no call takes long.
   */
  static final Script ALL =
      Script.of(
          """
          local p = KEYS[1]
          local queue, due, all = p .. 'queue', p .. 'due', p .. 'all'
          local sizes, bytes = p .. 'sizes', p .. 'bytes'
          local time = redis.call('TIME')
          local now = time[1] * 1000 + time[2] / 1000
          local op, id = ARGV[1], ARGV[2]
          local job, answers = p .. 'job:' .. id, p .. 'answers:' .. id
          local function forget(which)
            local size = redis.call('HGET', sizes, which)
            redis.call('DEL', p .. 'job:' .. which, p .. 'answers:' .. which)
            redis.call('ZREM', queue, which)
            redis.call('ZREM', due, which)
            redis.call('ZREM', all, which)
            if not size then
              return 0
            end
            redis.call('HDEL', sizes, which)
            redis.call('DECRBY', bytes, size)
            return 1
          end
          local function resize(size)
            redis.call('INCRBY', bytes, size - (redis.call('HGET', sizes, id) or 0))
            redis.call('HSET', sizes, id, size)
          end
          local function first(set, field, lease, room)
            local others, turns, last = {}, {}, 6 + tonumber(ARGV[6])
            for i = 7, last do
              others[ARGV[i]] = true
            end
            for i = last + 1, #ARGV do
              turns[ARGV[i]] = i
            end
            local best, least
            for _, found in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', now, 'LIMIT', 0, 1000)) do
              local whose = redis.call('HGET', p .. 'job:' .. found, field) or ''
              local turn = turns[whose] or 0
              if not others[whose] and (not best or turn < least) then
                best, least = found, turn
                if turn == 0 then
                  break
                end
              end
            end
            if not best then
              return false, false
            end
            if room and tonumber(redis.call('HGET', sizes, best) or '0') > room then
              return false, true
            end
            redis.call('ZADD', set, now + lease, best)
            id, job, answers = best, p .. 'job:' .. best, p .. 'answers:' .. best
            return true, false
          end
          local function owned(token)
            return redis.call('HGET', job, 'lease') == token
          end
          if op ~= 'add' and op ~= 'find' then
            redis.call('DEL', p .. 'none')
          end
          if op == 'expire' then
            local old = redis.call('ZRANGEBYSCORE', all, '-inf', now, 'LIMIT', 0, 100)
            local unsent = 0
            for _, which in ipairs(old) do
              if redis.call('ZSCORE', due, which) then
                unsent = unsent + 1
              end
              forget(which)
            end
            return {tostring(unsent), tostring(redis.call('ZCARD', queue))}
          elseif op == 'add' then
            local size = #ARGV[4]
            if redis.call('ZCARD', all) >= tonumber(ARGV[5]) then
              return {'jobs'}
            end
            if tonumber(redis.call('GET', bytes) or '0') + size > tonumber(ARGV[6]) then
              return {'bytes'}
            end
            local kept = redis.pcall('HSET', job, 'job', ARGV[3], 'body', ARGV[4])
            if type(kept) == 'table' and kept.err then
              return string.find(kept.err, 'OOM') and {'full'} or kept
            end
            redis.call('HSET', job, 'owner', ARGV[7], 'receiver', ARGV[8])
            redis.call('ZADD', queue, now, id)
            redis.call('ZADD', all, '+inf', id)
            resize(size)
            return {'ok'}
          elseif op == 'find' then
            local found = redis.call('HMGET', job, 'job', 'head', 'result', 'owner')
            if not found[1] then
              return {}
            end
            return {
              found[1], found[4] or '', tostring(redis.call('HLEN', answers)), found[2] or '', found[3] or ''}
          elseif op == 'take' then
            local taken, large = first(queue, 'owner', ARGV[4], tonumber(ARGV[5]))
            if not taken then
              return large and {'large'} or {}
            end
            redis.call('HSET', job, 'lease', ARGV[3])
            local known = redis.call('HMGET', job, 'job', 'body', 'owner')
            if not known[1] or not known[2] then
              forget(id)
              return {}
            end
            local takings = redis.call('HINCRBY', job, 'takings', 1)
            local reply = {id, known[3] or '', known[1], known[2], tostring(takings)}
            for _, value in ipairs(redis.call('HVALS', answers)) do
              reply[#reply + 1] = value
            end
            return reply
          elseif op == 'unreadable' then
            redis.call('HINCRBY', job, 'takings', -1)
            return {tostring(redis.call('HINCRBY', job, 'unreadable', 1))}
          elseif op == 'answer' then
            if not owned(ARGV[3]) then
              return {'0'}
            end
            redis.call('HSETNX', answers, ARGV[4], ARGV[5])
            redis.call('HDEL', job, 'takings')
            return {'1'}
          elseif op == 'finish' then
            if not owned(ARGV[3]) then
              return {'0'}
            end
            redis.call('HDEL', job, 'body', 'lease', 'takings')
            redis.call('HSET', job, 'head', ARGV[4], 'result', ARGV[5])
            redis.call('PEXPIRE', job, ARGV[6] + 3600000)
            redis.call('DEL', answers)
            redis.call('ZREM', queue, id)
            redis.call('ZADD', all, now + ARGV[6], id)
            resize(#ARGV[5])
            if ARGV[7] == '1' then
              redis.call('ZADD', due, now, id)
            end
            return {'1'}
          elseif op == 'renew' then
            if not owned(ARGV[3]) then
              return {'0'}
            end
            redis.call('ZADD', queue, 'XX', now + ARGV[4], id)
            return {'1'}
          elseif op == 'release' then
            if owned(ARGV[3]) then
              redis.call('HDEL', job, 'lease', 'takings')
              redis.call('ZADD', queue, 'XX', now, id)
            end
            return {}
          elseif op == 'delete' then
            return {tostring(forget(id))}
          elseif op == 'due' then
            if not first(due, 'receiver', ARGV[4]) then
              return {}
            end
            local known = redis.call('HMGET', job, 'job', 'head', 'result')
            if not known[1] or not known[2] or not known[3] then
              forget(id)
              return {}
            end
            return {id, known[1], known[2], known[3], tostring(redis.call('HINCRBY', job, 'attempts', 1))}
          elseif op == 'later' then
            redis.call('ZADD', due, 'XX', now + ARGV[3], id)
            return {}
          elseif op == 'sent' then
            redis.call('ZREM', due, id)
            return {}
          end
          return redis.error_reply('unknown ' .. op)
          """);

  private RedisScript() {}
}
