/**
 * Access that ends is over at every instance within 5 s, and stays over while Redis is away. A row for another way to
 * end access needs `variables`, `watch` and `end`, and says in its test what holds while Redis is away.
 */
import { expect, it } from 'vitest';
import {
  type AccessRow,
  type Attempt,
  type FourLives,
  liveThroughOutage,
  type Stage,
} from './four-instances.ts';

const inForceWithinMs = 5_000;
const latenessMs = 2_500;

const bearer = async ({ authorizationServer }: Stage, subject: string) => ({
  Authorization: `Bearer ${await authorizationServer.mintToken({ sub: subject })}`,
});
const allowed = (attempts: readonly Attempt[], from: number, to: number): readonly Attempt[] =>
  attempts.filter(({ at, result }) => result === 200 && at >= from && at < to);

/** Nobody who may come in was refused. */
function expectOthersUnharmed({ others }: FourLives<string>): void {
  const counts: Record<string, number> = {};
  for (const { result } of others) counts[result] = (counts[result] ?? 0) + 1;
  expect(Object.keys(counts)).toEqual(['200']);
}

const long = { calls: 20, windowSeconds: 3_600 };
const short = { calls: 4, windowSeconds: 12 };

const usedUpQuota: AccessRow<'alice' | 'bob'> = {
  variables: (redisUrl) => ({
    QUOTA_CALLS: '5000',
    QUOTA_TOOLS: JSON.stringify({ list_notes: long, hello: short }),
    RATE_LIMIT_REDIS_URL: redisUrl,
  }),
  watch: async (stage) => ({
    alice: { tool: 'list_notes', headers: await bearer(stage, 'alice'), everyMs: 250 },
    bob: { tool: 'hello', headers: await bearer(stage, 'bob'), everyMs: 500 },
  }),
  async end({ call }, { alice }) {
    for (let calls = 0; calls < 200; calls += 1) {
      if ((await call(0, alice)) === 429) return;
    }
    throw new Error('the quota is not used up by 200 calls');
  },
};

it('RL-20: a used-up quota is in force at four instances within 5 s, and an outage of Redis opens nothing', async () => {
  const life = await liveThroughOutage(usedUpQuota);
  const { attempts, endedAt, killedAt, backAt, stoppedAt } = life;
  const { alice, bob } = attempts;
  const figures = {
    requests: life.others.length,
    used: allowed(alice, 0, endedAt).length,
    afterItWasUsedUp: allowed(alice, endedAt + inForceWithinMs, killedAt).length,
    whileRedisWasAway: allowed(alice, killedAt, backAt).length,
    afterItWasBack: allowed(alice, backAt + inForceWithinMs, stoppedAt).length,
    longestWaitMs: Math.round(longestWait(bob, stoppedAt)),
    // Answers come late on a busy machine, so the window that holds is a little shorter here.
    fullestWindow: fullest(bob, short.windowSeconds * 1_000 - latenessMs),
  };
  process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);

  expect(new Set(alice.map(({ result }) => result))).toEqual(new Set([200, 429]));
  expect(figures.afterItWasUsedUp).toBe(0);
  expect(figures.afterItWasBack).toBe(0);
  // Each instance allows no more than the limit, less what it allowed before.
  for (const instance of [0, 1, 2, 3]) {
    const own = alice.filter((attempt) => attempt.instance === instance);
    expect(allowed(own, 0, stoppedAt).length).toBeLessThanOrEqual(long.calls);
  }
  expect(figures.fullestWindow).toBeLessThanOrEqual(4 * short.calls);
  // Half a second until it asks again, and time for an answer on a busy machine.
  expect(figures.longestWaitMs).toBeLessThanOrEqual(short.windowSeconds * 1_000 + latenessMs);
  expectOthersUnharmed(life);
});

/** The longest time that a caller was refused everywhere. */
function longestWait(attempts: readonly Attempt[], stoppedAt: number): number {
  const times = allowed(attempts, 0, stoppedAt).map(({ at }) => at);
  return Math.max(
    ...[...times, stoppedAt].map((time, index) => time - (times[index - 1] ?? times[0] ?? 0)),
  );
}

function fullest(attempts: readonly Attempt[], windowMs: number): number {
  return Math.max(...attempts.map(({ at }) => allowed(attempts, at, at + windowMs).length));
}
