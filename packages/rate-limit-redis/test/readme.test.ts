import { hasRedis, startRedis } from '@sallyport/test-parts/redis-server';
import { expect, it, onTestFinished, vi } from 'vitest';

it('shows what it says, with a Redis and without', async () => {
  const server = hasRedis ? await startRedis() : undefined;
  onTestFinished(() => server?.stop());
  // Nobody listens on port 1.
  vi.stubEnv('REDIS_URL', server?.url ?? 'redis://127.0.0.1:1');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  let shown = await import('./readme.ts');
  // On a busy machine, Redis may miss the time limit once. The limiter then counts in memory, and says so.
  for (let runs = 1; hasRedis && shown.events.length > 0 && runs < 5; runs += 1) {
    vi.resetModules();
    shown = await import('./readme.ts');
  }
  const { limited, neighbour, events } = shown;

  expect(limited).toMatchObject({
    allowed: false,
    quota: { limit: 2, remaining: 0, windowSeconds: 60 },
  });
  expect(neighbour).toMatchObject({ allowed: true, retryAfterSeconds: 0 });
  expect(events).toEqual(hasRedis ? [] : ['redis_unavailable']);
});
