import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { describe, expect, it } from 'vitest';
import { createBreaker } from '../src/breaker.ts';
import { createRedisRateLimiter, type RedisRateLimiterOptions } from '../src/index.ts';
import { allowsAll } from './set-up.ts';

function setUp() {
  const clock = { milliseconds: 0 };
  const told: unknown[] = [];
  const breaker = createBreaker({
    timeoutMs: 100,
    probeEveryMs: 500,
    monotonicNow: () => clock.milliseconds,
    onOpen: (reason) => told.push(reason),
    onClose: (outageMs) => told.push(outageMs),
  });
  return { breaker, clock, told };
}
const never = () => new Promise<never>(() => {});
const fail = () => Promise.reject(new Error('gone'));
const answer = async () => 'answer';

describe('readings', () => {
  const client = { eval: never, evalsha: never } as unknown as RedisRateLimiterOptions['client'];

  it('are those of this instance', async () => {
    const fallback = createMemoryRateLimiter();
    const limiter = createRedisRateLimiter({ client, fallback });
    await fallback.countFailure('192.0.2.1');

    expect(limiter.readings?.()).toEqual({ keys: 1 });
  });

  it('are not there where it has none', () => {
    expect(createRedisRateLimiter({ client, fallback: allowsAll }).readings).toBeUndefined();
  });
});

describe('createBreaker', () => {
  it('hands answers through', async () => {
    const { breaker, told } = setUp();

    expect(await breaker.run(answer, fail)).toBe('answer');
    expect(told).toEqual([]);
  });

  it('lets all go at once when one was not answered in time (RL-10)', async () => {
    const { breaker, told } = setUp();
    const order: string[] = [];
    const first = breaker.run(never, fail).then(() => order.push('first'));
    const second = new Promise((resolve) => setTimeout(resolve, 50)).then(async () => {
      // It alone would wait until the timer below has fired.
      await breaker.run(never, fail);
      order.push('second');
    });
    const timer = new Promise((resolve) => setTimeout(resolve, 140)).then(() =>
      order.push('timer'),
    );
    await Promise.all([first, second, timer]);

    expect(order).toEqual(['first', 'second', 'timer']);
    expect(told).toEqual(['timeout']);
  });

  it('makes no call while it is open, and one probe at a time (RL-10)', async () => {
    const { breaker, clock, told } = setUp();
    let calls = 0;
    let probes = 0;
    const probing = Promise.withResolvers<void>();
    const call = async () => {
      calls += 1;
    };
    const probe = () => {
      probes += 1;
      return probing.promise;
    };
    await breaker.run(fail, fail);
    for (const milliseconds of [0, 499, 500, 500, 700]) {
      clock.milliseconds = milliseconds;
      expect(await breaker.run(call, probe)).toBeUndefined();
    }
    expect([calls, probes]).toEqual([0, 1]);

    probing.resolve();
    await probing.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual(['connection', 700]);
    await breaker.run(call, probe);
    expect([calls, probes]).toEqual([1, 1]);
  });

  it('tells once of an outage, however many probes fail (RL-10)', async () => {
    const { breaker, clock, told } = setUp();
    for (let round = 0; round < 20; round += 1) {
      await breaker.run(fail, fail);
      clock.milliseconds += 500;
      await new Promise((resolve) => setImmediate(resolve));
    }

    expect(told).toEqual(['connection']);
  });

  it('does not open for calls that had been given up before (RL-10)', async () => {
    const { breaker, clock, told } = setUp();
    const late = Promise.withResolvers<never>();
    const waiting = breaker.run(() => late.promise, fail);
    await breaker.run(fail, fail);
    await waiting;
    clock.milliseconds = 500;
    await breaker.run(answer, answer);
    await new Promise((resolve) => setImmediate(resolve));
    late.reject(new Error('much later'));
    await new Promise((resolve) => setImmediate(resolve));

    expect(told).toEqual(['connection', 500]);
    expect(await breaker.run(answer, fail)).toBe('answer');
  });

  it.each<[unknown, string]>([
    [new Error('READONLY You can not write against a read only replica.'), 'READONLY'],
    [new Error('NOAUTH Authentication required.'), 'NOAUTH'],
    [new Error('OOM'), 'OOM'],
    [new Error('Command timed out'), 'timeout'],
    [new TypeError('the script answered something else'), 'unexpected_answer'],
    [new Error('connect ECONNREFUSED 10.0.0.7:6379'), 'connection'],
    [new Error('PASSWORD_hunter2 is wrong'), 'connection'],
    [new Error('X'.repeat(1_000)), 'connection'],
    ['text', 'connection'],
    [undefined, 'connection'],
  ])('says of %s no more than a word', async (error, reason) => {
    const { breaker, told } = setUp();
    await breaker.run(() => Promise.reject(error), fail);

    expect(told).toEqual([reason]);
  });
});

describe('createRedisRateLimiter', () => {
  it.each([
    ['nothing', null],
    ['a text', 'OK'],
    ['too few numbers', [1]],
    ['too many numbers', [1, 2, 3, 4]],
    ['texts for numbers', ['1', '2']],
    ['less than nothing', [-1, 0]],
    ['fractions', [1.5, 0]],
  ])('takes %s for no answer, and limits by itself (RL-10)', async (_what, reply) => {
    const events: unknown[] = [];
    const client = { eval: async () => reply, evalsha: async () => reply };
    const limiter = createRedisRateLimiter({
      client,
      fallback: allowsAll,
      onEvent: (event) => events.push(event),
    });

    expect(await limiter.peek('192.0.2.1')).toEqual({ allowed: true, retryAfterSeconds: 0 });
    expect(events).toEqual([{ type: 'redis_unavailable', reason: 'unexpected_answer' }]);
  });

  it('waits 100 ms for a client that never answers, and no longer (RL-10)', async () => {
    const limiter = createRedisRateLimiter({
      client: { eval: never, evalsha: never },
      fallback: allowsAll,
    });
    const startedAt = performance.now();
    const tooLate = new Promise((resolve) =>
      setTimeout(resolve, 5_000, 'not within 5 seconds').unref(),
    );
    const decision = await Promise.race([limiter.countFailure('192.0.2.1'), tooLate]);

    expect(decision).toMatchObject({ allowed: true });
    // Timers may fire a little early, and on a busy machine late.
    expect(performance.now() - startedAt).toBeGreaterThan(95);
  });

  it('lets no listener get between a client and its answer', async () => {
    const limiter = createRedisRateLimiter({
      client: { eval: fail, evalsha: fail },
      fallback: allowsAll,
      onEvent: () => {
        throw new Error('disk full');
      },
    });

    expect(await limiter.countFailure('192.0.2.1')).toMatchObject({ allowed: true });
  });

  it('asks Redis about nobody whom the instance refuses already (RL-05)', async () => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return [10, 0];
    };
    const refused = { allowed: false, retryAfterSeconds: 1 };
    const fallback = { ...allowsAll, peek: async () => refused };
    const limiter = createRedisRateLimiter({ client: { eval: ask, evalsha: ask }, fallback });

    expect(await limiter.peek('192.0.2.1')).toBe(refused);
    expect(asked).toBe(0);
  });
});
