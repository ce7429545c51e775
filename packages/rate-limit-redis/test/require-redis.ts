/** Says in one line what is left out where there is no `redis-server`. In CI that is a failure. */
import { hasRedis } from './redis-server.ts';

export function setup(): void {
  if (hasRedis) return;
  const line =
    'rate-limit-redis: no redis-server on the PATH, so the tests that need it are skipped';
  if (process.env['CI'] !== undefined) throw new Error(line);
  process.stderr.write(`${line}\n`);
}
