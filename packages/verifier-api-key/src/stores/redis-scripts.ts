/** Changes that are one step in Redis. */

/** Records stay for 30 days after their end, so that lists show them. */
const keptSeconds = 2_592_000;

/**
 * KEYS: the ids, the new record and, in a rotation, the record that it replaces.
 *
 * ARGV: id, digest, record, lifetime in seconds; in a rotation, when the replaced key ends.
 */
export const addScript: string = `
if KEYS[3] then
  if redis.call('EXISTS', KEYS[3]) == 0 or redis.call('HEXISTS', KEYS[3], 'revokedAt') == 1 then
    return 0
  end
end
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('HSET', KEYS[2], 'record', ARGV[3])
redis.call('EXPIRE', KEYS[2], tonumber(ARGV[4]) + ${keptSeconds})
if KEYS[3] then
  local ends = tonumber(redis.call('HGET', KEYS[3], 'endsAt'))
  if not ends or ends > tonumber(ARGV[5]) then redis.call('HSET', KEYS[3], 'endsAt', ARGV[5]) end
end
return 1
`;

/** KEYS: the record. ARGV: when it is revoked, in seconds. The first revocation stays. */
export const revokeScript: string = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSETNX', KEYS[1], 'revokedAt', ARGV[1])
return 1
`;
