/** Everything that can become of a Redis while many requests run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { hasRedis, type RedisServer, startRedis } from '@sallyport/test-parts/redis-server';
import { type FaultProxy, startFaultProxy } from '@sallyport/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLoad } from './load.ts';
import { freshPrefix, startInstance } from './set-up.ts';

interface Stage {
  readonly server: RedisServer;
  readonly proxy: FaultProxy;
  readonly timeoutMs: number;
}

interface Outage {
  readonly name: string;
  /** What the limiter says about it. */
  readonly reason: RegExp;
  /** For how long. Enough for several probes, unless it says otherwise. */
  readonly lastsMs?: number;
  begin(stage: Stage): unknown;
  end(stage: Stage): unknown;
}

const outages: readonly Outage[] = [
  {
    name: 'is killed',
    reason: /^connection$/,
    // Enough for a client that waits longer from attempt to attempt to be told from one that must not.
    lastsMs: 8_500,
    begin: ({ server }) => server.kill(),
    end: ({ server }) => server.start(),
  },
  {
    name: 'is frozen',
    reason: /^timeout$/,
    begin: ({ server }) => server.freeze(),
    end: ({ server }) => server.thaw(),
  },
  {
    name: 'answers too late',
    reason: /^timeout$/,
    begin: ({ proxy, timeoutMs }) => proxy.fault({ kind: 'latency', milliseconds: 5 * timeoutMs }),
    end: ({ proxy }) => proxy.clear(),
  },
  {
    name: 'is cut off without a word',
    reason: /^timeout$/,
    begin: ({ proxy }) => proxy.fault({ kind: 'black-hole' }),
    end: ({ proxy }) => proxy.clear(),
  },
  {
    name: 'resets every connection',
    reason: /^connection$/,
    begin: ({ proxy }) => proxy.fault({ kind: 'reset' }),
    end: ({ proxy }) => proxy.clear(),
  },
  {
    name: 'has become a replica',
    reason: /^READONLY$/,
    begin: ({ server }) => server.send('REPLICAOF', '127.0.0.1', '1'),
    end: ({ server }) => server.send('REPLICAOF', 'NO', 'ONE'),
  },
  {
    name: 'wants replicas that it has not',
    reason: /^NOREPLICAS$/,
    begin: ({ server }) => server.send('CONFIG', 'SET', 'min-replicas-to-write', '1'),
    end: ({ server }) => server.send('CONFIG', 'SET', 'min-replicas-to-write', '0'),
  },
  {
    name: 'allows no writing',
    reason: /^(?:NOPERM|ERR)$/,
    begin: ({ server }) => server.send('ACL', 'SETUSER', 'default', '-hset'),
    end: ({ server }) => server.send('ACL', 'SETUSER', 'default', '+@all'),
  },
  {
    name: 'has no memory left',
    reason: /^OOM$/,
    begin: ({ server }) => server.send('CONFIG', 'SET', 'maxmemory', '1'),
    end: ({ server }) => server.send('CONFIG', 'SET', 'maxmemory', '0'),
  },
];

/** How hard it is, and for how long. */
export interface Severity {
  readonly operationsPerSecond: number;
  /** How long each outage lasts. Default long enough for several probes. */
  readonly lastsMs?: number;
  /** How long a request waits for Redis. A busy machine needs more than the default of 100. */
  readonly timeoutMs: number;
  /** How soon Redis is used again after an outage. */
  readonly recoversWithinMs: number;
}

export function describeOutages({
  operationsPerSecond,
  lastsMs: shortest = 2_500,
  timeoutMs,
  recoversWithinMs,
}: Severity): void {
  describe.skipIf(!hasRedis)(
    `a Redis that fails under ${operationsPerSecond} operations per second`,
    () => {
      let server: RedisServer;
      let proxy: FaultProxy;
      beforeEach(async () => {
        server = await startRedis();
        proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: server.port } });
      });
      afterEach(async () => {
        await proxy.stop();
        await server.stop();
      });

      it.each(outages)(
        'leaves the limit to each instance when it $name, and takes it back (RL-10)',
        async ({ reason, lastsMs = 0, begin, end }) => {
          const settings = { prefix: freshPrefix(), timeoutSeconds: timeoutMs / 1_000 };
          const url = `redis://127.0.0.1:${proxy.port}`;
          const { limiter, events } = await startInstance(url, settings);
          const other = await startInstance(server.url, settings);
          const count = async (key: string) => (await limiter.countFailure(key)).allowed;
          for (let failure = 0; failure < 4; failure += 1) await count('198.51.100.1');
          const load = startLoad(limiter, operationsPerSecond, timeoutMs + 10);
          // A machine that is very busy may look like an outage before there is one.
          await vi.waitUntil(() => events.at(-1)?.type !== 'redis_unavailable', {
            timeout: 10_000,
          });
          const before = events.length;

          await begin({ server, proxy, timeoutMs });
          await vi.waitUntil(() => events.length > before, { timeout: 10_000 });
          // What it allowed itself before is not forgotten.
          const allowed = [];
          for (let failure = 0; failure < 8; failure += 1)
            allowed.push(await count('198.51.100.1'));
          expect(allowed).toEqual([true, true, true, true, true, true, false, false]);
          await sleep(Math.max(lastsMs, shortest));
          expect(events.slice(before)).toEqual([
            { type: 'redis_unavailable', reason: expect.stringMatching(reason) },
          ]);

          await end({ server, proxy, timeoutMs });
          await vi.waitUntil(() => events.length > before + 1, {
            timeout: recoversWithinMs,
            interval: 10,
          });
          expect(events[before + 1]).toMatchObject({ type: 'redis_available' });
          const { operations, late, errors } = await load.stop();
          expect({ late, errors }).toEqual({ late: 0, errors: [] });
          expect(operations).toBeGreaterThan(500);

          // Shared again: what one counts, the other knows.
          await vi.waitUntil(
            async () => {
              await count('198.51.100.2');
              return !(await other.limiter.peek('198.51.100.2')).allowed;
            },
            { timeout: 10_000 },
          );
        },
      );
    },
  );
}
