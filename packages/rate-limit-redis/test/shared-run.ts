/** An instance of its own: `shared-run.ts <url> <prefix> <failures>` prints how many are allowed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { connectRedis, createRedisRateLimiter } from '@sallyport/rate-limit-redis';

const [, , url = '', prefix = '', failures = ''] = process.argv;
const limit = { maximumAttempts: 10, windowSeconds: 60 };
// A busy machine is not an outage.
const timeoutSeconds = 5;
const client = await connectRedis({ url, timeoutSeconds });
const events: string[] = [];
const limiter = createRedisRateLimiter({
  ...limit,
  client,
  prefix,
  timeoutSeconds,
  fallback: createMemoryRateLimiter(limit),
  onEvent: (event) => events.push(event.type),
});
let allowed = 0;
for (let failure = 0; failure < Number(failures); failure += 1) {
  if ((await limiter.countFailure('192.0.2.1')).allowed) allowed += 1;
  await sleep(2);
}
client.disconnect();
process.stdout.write(JSON.stringify({ allowed, events }));
