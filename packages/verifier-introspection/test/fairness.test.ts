/** CASE-60 and CASE-26: what one client does costs no other client its answer. In virtual time. */
import { describe, expect, it } from 'vitest';
import { createSite, type ServerMode, timeoutMs } from './site.ts';

const attacker = '192.0.2.1';
const honest = ['198.51.100.1', '198.51.100.2', '198.51.100.3'] as const;
const settled = async (statuses: readonly Promise<number>[]) =>
  [...new Set(await Promise.all(statuses))].sort();
const tally = async (statuses: readonly Promise<number>[]) => {
  const counts: Record<number, number> = {};
  for (const status of await Promise.all(statuses)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

describe('a client that sends bad tokens', () => {
  it('CASE-60: is charged for its questions when it hangs up before the answer', async () => {
    const { clock, send, asked } = createSite();
    const statuses = [];
    for (let count = 0; count < 400; count += 1) {
      const { status, leave } = send('bad', attacker);
      statuses.push(status);
      await clock.advance(5);
      leave();
      await clock.advance(5);
    }
    await clock.advance(10_000);

    // 10 failures, and the budget of a limited address for the 4 seconds that it took.
    expect(asked.length).toBeLessThanOrEqual(14);
    // 499: the caller had left before anybody could tell.
    expect(await settled(statuses)).toEqual([401, 429, 499]);
  });

  it.each([false, true])(
    'CASE-60: costs no other client an answer by 1,000 at once, leaving: %s',
    async (isLeaving) => {
      const { clock, send, asked } = createSite();
      const flood = Array.from({ length: 1_000 }, () => send('bad', attacker));
      const others = [];
      for (const client of honest) others.push(send('good', client).status);
      await clock.advance(5);
      if (isLeaving) for (const { leave } of flood) leave();
      for (let count = 0; count < 60; count += 1) {
        for (const client of honest) others.push(send('good', client).status);
        await clock.advance(10);
      }
      await clock.advance(20_000);

      expect(await tally(others)).toEqual({ 200: 183 });
      expect(asked.filter(({ client }) => client === attacker).length).toBeLessThanOrEqual(14);
      await Promise.all(flood.map(({ status }) => status));
    },
  );

  it.each<ServerMode>(['429', '500', 'hang', 'answer late'])(
    'CASE-60: costs no other client an answer when its tokens make the server answer %j',
    async (mode) => {
      const site = createSite();
      const { clock, send, asked } = site;
      site.modes.bad = mode;
      const statuses = [];
      const others = [];
      for (let count = 0; count < 600; count += 1) {
        statuses.push(send('bad', attacker).status);
        if (count % 5 === 0) others.push(send('good', honest[count % 3] ?? '').status);
        await clock.advance(100);
      }
      await clock.advance(20_000);

      expect(await tally(others)).toEqual({ 200: 120 });
      // 10 at first and 20 a minute.
      expect(asked.filter(({ client }) => client === attacker).length).toBeLessThanOrEqual(31);
      expect(
        (await settled(statuses)).filter((status) => ![401, 429, 503].includes(status)),
      ).toEqual([]);
    },
  );

  it('CASE-60: cannot end the questions that find out that the server is back', async () => {
    const site = createSite();
    const { clock, send } = site;
    site.modes = { good: '500', bad: '500' };
    for (let count = 0; count < 100; count += 1) {
      const { leave } = send('bad', attacker);
      void send('good', honest[0]).status;
      await clock.advance(30);
      leave();
    }
    site.modes = { good: 'answer', bad: 'answer' };
    await clock.advance(3_100);
    const { status } = send('good', honest[0]);
    await clock.advance(100);

    expect(await status).toBe(200);
  });

  it('CASE-60: is served without a pause once its first good token is accepted again', async () => {
    const site = createSite();
    site.modes.good = '500';
    for (let count = 0; count < 20; count += 1) {
      void site.send('good', honest[0]).status;
      await site.clock.advance(100);
    }
    site.modes.good = 'answer';
    await site.clock.advance(3_000);
    const first = site.send('good', honest[0]);
    await site.clock.advance(50);
    expect(await first.status).toBe(200);
    const statuses = Array.from({ length: 5 }, () => site.send('good', honest[0]).status);
    await site.clock.advance(50);

    expect(await settled(statuses)).toEqual([200]);
  });

  it('CASE-60: joins no question that may never be answered', async () => {
    const site = createSite();
    const token = 'good-token-asked-twice';
    site.modes.good = 'hang';
    const first = site.send('good', honest[0], token);
    await site.clock.advance(2_100);
    site.modes.good = 'answer';
    const second = site.send('good', honest[0], token);
    await site.clock.advance(100);

    expect(await second.status).toBe(200);
    await site.clock.advance(timeoutMs);
    expect(await first.status).toBe(503);
  });

  it.each([1, 5, 12, 40, 200])(
    'CASE-26: leaves a good token of the same address its answer after %i bad ones',
    async (bad) => {
      const { clock, send } = createSite();
      const statuses = [];
      for (let count = 0; count < bad; count += 1) {
        statuses.push(send('bad', attacker).status);
        await clock.advance(50);
      }
      const { status } = send('good', attacker);
      await clock.advance(5_100);

      expect(await status).toBe(200);
      await Promise.all(statuses);
    },
  );

  it('CASE-26: cannot take the answer from a token of the same address that was good before', async () => {
    const { clock, send, asked } = createSite();
    const token = 'good-token-of-before';
    const first = send('good', attacker, token);
    await clock.advance(100);
    expect(await first.status).toBe(200);
    const known = [];
    for (let count = 0; count < 600; count += 1) {
      for (let flood = 0; flood < 5; flood += 1) void send('bad', attacker).status;
      if (count % 10 === 0) known.push(send('good', attacker, token).status);
      await clock.advance(100);
    }
    await clock.advance(20_000);

    expect(await tally(known)).toEqual({ 200: 60 });
    // 10 failures, 3 of the budget at once and 12 a minute, twice.
    expect(asked.length - 61).toBeLessThanOrEqual(2 * 25);
  });

  it('CASE-26: gets no more than five questions a second for all limited addresses', async () => {
    const { clock, send, asked } = createSite();
    const addresses = Array.from({ length: 100 }, (_, index) => `203.0.113.${index}`);
    for (let count = 0; count < 10; count += 1) {
      for (const address of addresses) void send('bad', address).status;
      await clock.advance(2_000);
    }
    const before = asked.length;
    for (let count = 0; count < 100; count += 1) {
      for (const address of addresses) void send('bad', address).status;
      await clock.advance(100);
    }

    expect(before).toBe(1_000);
    expect(asked.length - before).toBeLessThanOrEqual(20 + 5 * 10);
  });
});

/** A small generator, so that a run can be repeated by its seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('a random model', () => {
  const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
  const modes: readonly ServerMode[] = ['answer', 'answer late', '429', '500', 'hang'];

  it.each(seeds)('CASE-60: keeps every promise with seed %i', async (seed) => {
    const random = createRandom(seed);
    const site = createSite();
    const { clock, send, asked } = site;
    const strangers = [attacker, '192.0.2.2', '2001:db8:1:2::/64'];
    const all: Promise<number>[] = [];
    const leaving: (() => void)[] = [];
    let soundSince = 0;
    let checked = 0;

    const isSound = () => site.modes.good === 'answer';
    const promises: Promise<void>[] = [];
    const sendHonest = async (client: string): Promise<void> => {
      const { status } = send('good', client);
      all.push(status);
      const at = clock.monotonicNow();
      // Five seconds after the server is back every good token of an honest client is accepted.
      const mustPass = isSound() && at - soundSince >= 5_000;
      const outcome = await status;
      // The server may have failed while the question was under way.
      if (!mustPass || soundSince > at || !isSound()) return;
      checked += 1;
      expect([at, outcome]).toEqual([at, 200]);
    };

    for (let step = 0; step < 120; step += 1) {
      const action = random(10);
      const stranger = strangers[random(strangers.length)] ?? attacker;
      if (action < 3) {
        for (let count = [1, 20, 150][random(3)] ?? 1; count > 0; count -= 1) {
          const isGood = stranger !== attacker && random(8) === 0;
          const { status, leave } = send(isGood ? 'good' : 'bad', stranger);
          all.push(status);
          if (random(2) === 0) leaving.push(leave);
        }
      } else if (action === 3) {
        for (const leave of leaving.splice(0)) leave();
      } else if (action === 4) {
        site.modes.bad = modes[random(modes.length)] ?? 'answer';
      } else if (action === 5 && random(4) === 0) {
        const wasSound = isSound();
        site.modes.good = modes[random(modes.length)] ?? 'answer';
        if (!wasSound && isSound()) soundSince = clock.monotonicNow();
      } else if (action === 6) {
        if (!isSound()) soundSince = clock.monotonicNow();
        site.modes = { good: 'answer', bad: 'answer' };
      }
      for (const client of honest) promises.push(sendHonest(client));
      await clock.advance([10, 250, 1_000][random(3)] ?? 10);

      for (const client of [...strangers, ...honest]) {
        const pending = asked.filter((one) => one.client === client && one.isPending);
        // 10 places, and those that came back while overdue questions were not over.
        expect(pending.length).toBeLessThanOrEqual(10 + Math.ceil(timeoutMs / 3_000));
      }
      expect(asked.filter(({ isPending }) => isPending).length).toBeLessThanOrEqual(250);
    }
    // Revival: everybody is served within five seconds.
    site.modes = { good: 'answer', bad: 'answer' };
    await clock.advance(5_000);
    const last = honest.map((client) => send('good', client).status);
    await clock.advance(30_000);

    expect(await settled(last)).toEqual([200]);
    for (const status of await settled(all)) expect([200, 401, 429, 503, 499]).toContain(status);
    await Promise.all(promises);
    expect(checked).toBeGreaterThan(0);
    // In any minute: 10 failures, 15 questions of the budget, 30 without an answer.
    const times = asked.filter((one) => one.client === attacker).map(({ at }) => at);
    for (const from of times) {
      const inMinute = times.filter((at) => at >= from && at < from + 60_000);
      expect(inMinute.length).toBeLessThanOrEqual(10 + 15 + 30);
    }
  });
});
