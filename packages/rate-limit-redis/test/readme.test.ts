import { expect, it, onTestFinished, vi } from 'vitest';
import { hasRedis, startRedis } from './redis-server.ts';

it('shows what it says, with a Redis and without', async () => {
  const server = hasRedis ? await startRedis() : undefined;
  onTestFinished(() => server?.stop());
  // Nobody listens on port 1.
  vi.stubEnv('REDIS_URL', server?.url ?? 'redis://127.0.0.1:1');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { limited, neighbour, events } = await import('./readme.ts');

  expect(limited).toMatchObject({
    allowed: false,
    quota: { limit: 2, remaining: 0, windowSeconds: 60 },
  });
  expect(neighbour).toMatchObject({ allowed: true, retryAfterSeconds: 0 });
  // On a busy machine, Redis may miss the time limit. The limiter then counts in memory, and says so.
  const unavailable = hasRedis && events.length === 0 ? [] : ['redis_unavailable'];
  expect(events).toEqual(unavailable);
});
