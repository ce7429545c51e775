/** 10,000 made-up key ids per second, for a minute, in real time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import { startBehindProxy } from '../test/keys/remote/behind-proxy.ts';
import { fetchBudget, runFlood } from '../test/keys/remote/flood-run.ts';

const total = 600_000;
const now = () => performance.now();

async function setUp() {
  const site = await startBehindProxy({
    cacheTtlSeconds: 3_600,
    maximumStaleSeconds: 86_400,
    timeoutMs: 5_000,
    now,
  });
  onTestFinished(site.stop);
  const startedAt = now();
  expect(await site.ask(await site.server.mintToken())).toBe('verified');
  const tick = () => sleep(10);
  const flood = { site, seconds: 60, tokensPerSecond: total / 60, now, tick };
  return { site, flood, elapsed: () => now() - startedAt };
}

function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

it('is no flood for the origin, costs no good token, and leaves nothing in memory (JWK-12)', async () => {
  const { site, flood, elapsed } = await setUp();
  const before = usedHeap();
  const { good, unknown } = await runFlood(flood);

  expect(unknown).toEqual({ token_key_unknown: total });
  expect(Object.keys(good)).toEqual(['verified']);
  expect(good.verified).toBeGreaterThan(1_000);
  expect(site.server.hits('/jwks')).toBeLessThanOrEqual(fetchBudget(elapsed()));
  expect(usedHeap() - before).toBeLessThan(30_000_000);
});

it('is none while the origin never answers either (JWK-12, JWK-17)', async () => {
  const { site, flood, elapsed } = await setUp();
  await site.proxy.fault({ kind: 'black-hole' });
  const { good, unknown, waiting } = await runFlood(flood);

  const { token_key_unknown: early = 0, upstream_unavailable: later = 0 } = unknown;
  expect(early + later).toBe(total);
  expect(later).toBeGreaterThan(total / 2);
  expect(Object.keys(good)).toEqual(['verified']);
  expect(good.verified).toBeGreaterThan(1_000);
  expect(site.fetches.length).toBeLessThanOrEqual(fetchBudget(elapsed()));
  // The HTTP client connects once more, for nothing, after each request that is given up
  // (nodejs/undici#5845).
  expect(site.proxy.connections / 2).toBeLessThanOrEqual(fetchBudget(elapsed()));
  // 64 are held; the rest is what comes at once after a pause of this process.
  expect(waiting).toBeLessThan(10_000);
});
