/** A process of its own: asks a Redis for as long as it is told, and says what came of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { connectRedis, createRedisRateLimiter } from '../src/index.ts';

const client = await connectRedis({ url: process.argv[2] ?? '' });
const events: string[] = [];
const limiter = createRedisRateLimiter({
  client,
  fallback: createMemoryRateLimiter({ maximumAttempts: 1_000 }),
  maximumAttempts: 1_000,
  onEvent: ({ type }) => events.push(type),
});
const slowest = { milliseconds: 0 };
let odd = 0;
let isRevived = false;
process.once('message', () => {
  isRevived = true;
});

async function ask(): Promise<boolean> {
  const startedAt = performance.now();
  const { allowed } = await limiter.countFailure('198.51.100.1');
  slowest.milliseconds = Math.max(slowest.milliseconds, performance.now() - startedAt);
  if (allowed !== true) odd += 1;
  // As the store of used proofs does.
  const answer: unknown = await client
    .set(`proof:${performance.now()}`, '', 'PX', 1_000, 'NX')
    .catch(() => undefined);
  return answer === 'OK' && events.at(-1) !== 'redis_unavailable';
}

for (let count = 0; count < 10; count += 1) {
  await ask();
  await sleep(20);
}
process.send?.('asked');
while (!isRevived) {
  await ask();
  await sleep(20);
}
const revivedAt = performance.now();
while (!(await ask()) && performance.now() - revivedAt < 10_000) await sleep(20);
const recoveredMs = performance.now() - revivedAt;
client.disconnect();
process.send?.({ odd, slowestMs: slowest.milliseconds, recoveredMs, events });
process.disconnect?.();
