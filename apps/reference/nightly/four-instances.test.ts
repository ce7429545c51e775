/** Access that ends is over at every instance within 5 s, and stays over while Redis is away. */
import { expect, it } from 'vitest';
import type { AloneTime } from '../test/chaos/alone.ts';
import {
  type AccessRow,
  type Attempt,
  isIdleClose,
  liveThroughOutage,
  type Stage,
} from './four-instances.ts';

/** What the documentation says of revoked keys, denied subjects, used-up quotas, and of keys after an outage. */
const inForceWithinMs = 5_000;
/** The clock of Redis may be set a little while it counts. */
const clockMs = 100;
const long = { calls: 20, windowSeconds: 3_600 };
const short = { calls: 4, windowSeconds: 12 };

type Name = 'busy' | 'returning' | 'revoked' | 'denied' | 'keyHolder' | 'neighbour';
type Ended = 'busy' | 'revoked' | 'denied';

const bearer = async ({ authorizationServer }: Stage, subject: string) => ({
  Authorization: `Bearer ${await authorizationServer.mintToken({ sub: subject })}`,
});

const keyOf = async ({ command }: Stage, owner: string): Promise<{ id: string; key: string }> =>
  JSON.parse(await command('keys', 'create', '--owner', owner, '--scope', 'read:data', '--json'));

let revokedKey = '';

const row: AccessRow<Name, Ended> = {
  variables: (redisUrl) => ({
    QUOTA_CALLS: '5000',
    QUOTA_TOOLS: JSON.stringify({ list_notes: long, hello: short }),
    RATE_LIMIT_REDIS_URL: redisUrl,
    API_KEY_REDIS_URL: redisUrl,
    API_KEY_SECRET: crypto.randomUUID() + crypto.randomUUID(),
    DENIAL_LIST: redisUrl,
  }),

  async watch(stage) {
    await stage.command('denied', '--create');
    const revoked = await keyOf(stage, 'mallory');
    const kept = await keyOf(stage, 'robot');
    revokedKey = revoked.id;
    const whoami = { tool: 'whoami', everyMs: 250 };
    return {
      busy: { tool: 'list_notes', headers: await bearer(stage, 'alice'), everyMs: 250 },
      returning: { tool: 'hello', headers: await bearer(stage, 'bob'), everyMs: 500 },
      revoked: { ...whoami, headers: { 'X-API-Key': revoked.key } },
      keyHolder: { ...whoami, headers: { 'X-API-Key': kept.key } },
      denied: { ...whoami, headers: await bearer(stage, 'eve') },
      neighbour: { ...whoami, headers: await bearer(stage, 'carol') },
    };
  },

  end: {
    async busy({ call }, watched) {
      for (let calls = 0; calls < 200; calls += 1) {
        if ((await call(0, watched)).result === 429) return;
      }
      throw new Error('the quota is not used up by 200 calls');
    },
    revoked: async ({ command }) => void (await command('keys', 'revoke', revokedKey)),
    denied: async ({ command }) =>
      void (await command('deny', '--subject', 'eve', '--reason', 'left the company')),
  },
};

it('KEY-01, RL-20: revoked keys, denied subjects and used-up quotas are in force at four instances within 5 s, and an outage of Redis opens nothing', async ({
  signal,
}) => {
  const life = await liveThroughOutage(row, { signal });
  const { attempts, warmAt, endedAt, killedAt, backAt, stoppedAt, alone } = life;
  const isAlone = ({ instance, sentAt, endedAt: answeredAt }: Attempt) =>
    (alone[instance] ?? []).some(({ from, to }: AloneTime) => answeredAt >= from && sentAt <= to);
  const inForce = (name: Ended) =>
    allowed(attempts[name]).filter(({ sentAt }) => sentAt >= endedAt[name] + inForceWithinMs);
  const own = (name: Name, instance: number) =>
    attempts[name].filter((attempt) => attempt.instance === instance);
  const shortMs = short.windowSeconds * 1_000 - clockMs;
  const withRedis = attempts.returning.filter((attempt) => !isAlone(attempt));
  const figures = {
    requests: life.others.length,
    othersRefused: life.others.filter(
      (other) => other.sentAt > warmAt && other.result !== 200 && !isIdleClose(other),
    ).length,
    alone: alone.map((each) =>
      each.map(({ from, to }) => Math.round(Math.min(to, stoppedAt) - from)),
    ),
    killedAfterMs: Math.round(killedAt - endedAt.denied),
    revoked: countResults(attempts.revoked),
    denied: countResults(attempts.denied),
    keyHolder: countResults(attempts.keyHolder),
    keyHolderShutOutAfterMs: Math.round(
      Math.max(...refused(attempts.keyHolder).map((attempt) => attempt.endedAt)) - backAt,
    ),
    quotaUsedWithRedis: allowed(attempts.busy).filter((attempt) => !isAlone(attempt)).length,
    quotaUsed: allowed(attempts.busy).length,
    fullestWindowWithRedis: fullest(withRedis, shortMs),
    fullestWindow: fullest(attempts.returning, shortMs),
    longestWaitMs: Math.round(longestWait(attempts.returning, stoppedAt)),
    slowestAnswerMs: Math.round(Math.max(...attempts.returning.map(tookMs))),
  };
  process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);

  // Nothing opens.
  expect(inForce('revoked')).toEqual([]);
  expect(inForce('denied')).toEqual([]);
  // Redis does not know of calls that an instance allowed while it was alone. Each of them leaves room for one more.
  const unknown = allowed(attempts.busy).filter(
    (attempt) => isAlone(attempt) && attempt.sentAt < endedAt.busy,
  );
  const after = inForce('busy').filter((attempt) => !isAlone(attempt));
  expect(after.length).toBeLessThanOrEqual(unknown.length);
  expect(figures.quotaUsedWithRedis).toBeLessThanOrEqual(long.calls);
  expect(figures.fullestWindowWithRedis).toBeLessThanOrEqual(short.calls);
  for (const [instance] of alone.entries()) {
    expect(allowed(own('busy', instance)).length).toBeLessThanOrEqual(long.calls);
    expect(fullest(own('returning', instance), shortMs)).toBeLessThanOrEqual(short.calls);
  }

  // Nobody is shut out for longer than the documentation says.
  expect(figures.othersRefused).toBe(0);
  const isWarm = ({ sentAt }: Attempt) => sentAt > warmAt;
  const early = refused(attempts.keyHolder).filter((attempt) => attempt.endedAt < killedAt);
  expect(early.filter(isWarm)).toEqual([]);
  // The instance that starts without Redis has no list, and answers 503.
  const withList = refused(attempts.neighbour).filter(({ instance }) => instance < 4);
  expect(withList.filter(isWarm)).toEqual([]);
  for (const name of ['keyHolder', 'neighbour'] as const) {
    const late = refused(attempts[name]).filter(({ sentAt }) => sentAt > backAt + inForceWithinMs);
    expect(late).toEqual([]);
    expect(new Set(attempts[name].map(({ result }) => result))).toEqual(new Set([200, 503]));
  }
  // The pause until it asks again, and the time until it has the answer.
  const pauseMs = 500 + 2 * figures.slowestAnswerMs;
  expect(figures.longestWaitMs).toBeLessThanOrEqual(short.windowSeconds * 1_000 + pauseMs);
});

type Attempts = readonly Attempt[];

const allowed = (attempts: Attempts): Attempts => attempts.filter(({ result }) => result === 200);
const refused = (attempts: Attempts): Attempts => attempts.filter(({ result }) => result !== 200);
const tookMs = ({ sentAt, endedAt }: Attempt): number => endedAt - sentAt;

function countResults(attempts: Attempts): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { result } of attempts) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

/** The longest time that a caller was refused everywhere. */
function longestWait(attempts: Attempts, stoppedAt: number): number {
  const times = allowed(attempts).map(({ endedAt }) => endedAt);
  return Math.max(
    ...[...times, stoppedAt].map((time, index) => time - (times[index - 1] ?? times[0] ?? 0)),
  );
}

/** The most allowed calls of any window. A call counts where its request and its answer are in the window. */
function fullest(attempts: Attempts, windowMs: number): number {
  const calls = allowed(attempts);
  return Math.max(
    0,
    ...calls.map(
      ({ sentAt: from }) =>
        calls.filter((call) => call.sentAt >= from && call.endedAt <= from + windowMs).length,
    ),
  );
}
