/** Rows INT: many requests, servers that are away, and what is remembered. */
import { createHash } from 'node:crypto';
import { testContext } from '@sallyport/contract-tests';
import { describe, expect, it } from 'vitest';
import { createHybridVerifier } from '../src/index.ts';
import { createServerHealth } from '../src/questions/server-health.ts';
import { answer, goodAnswer, judge, startRogue } from './fixture.ts';

const tokens = Array.from({ length: 3_000 }, (_, count) =>
  createHash('sha256').update(`${count}`).digest('base64url'),
);
const token = (count: number) => tokens[count] ?? '';

describe('what is remembered', () => {
  it('is nothing but, for 5 seconds, what was inactive (INT-08)', async () => {
    const clock = { now: 0 };
    const rogue = await startRogue(answer({ active: false }));
    const verifier = rogue.create({ monotonicNow: () => clock.now });
    await judge(verifier, 'a');
    clock.now = 4_999;
    await judge(verifier, 'a');
    expect(rogue.bodies).toHaveLength(1);
    clock.now = 5_000;
    await judge(verifier, 'a');
    expect(rogue.bodies).toHaveLength(2);

    rogue.handle = answer(goodAnswer());
    await judge(verifier, 'b');
    await judge(verifier, 'b');
    expect(rogue.bodies).toHaveLength(4);
  });

  it('never outlasts exp, nor is it asked again before its time (INT-06, INT-07)', async () => {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const rogue = await startRogue(answer(goodAnswer({ exp: nowSeconds + 10 })));
    const verifier = rogue.create({ cache: { ttlSeconds: 300 }, monotonicNow: () => 0 });
    const ask = (later: number) => judge(verifier, 'a', { nowSeconds: nowSeconds + later });

    expect([await ask(0), await ask(9)]).toEqual(['verified', 'verified']);
    expect(rogue.bodies).toHaveLength(1);
    // The server still says active, within the tolerance of clocks.
    expect(await ask(10)).toBe('verified');
    expect(rogue.bodies).toHaveLength(2);
    expect(await ask(70)).toBe('token_expired');
  });

  it('is no failure (INT-08)', async () => {
    const rogue = await startRogue(answer({}, 500));
    const verifier = rogue.create({ cache: { ttlSeconds: 300 } });
    expect(await judge(verifier, 'a')).toBe('upstream_unavailable');
    rogue.handle = answer(goodAnswer());
    expect(await judge(verifier, 'a')).toBe('verified');
  });

  it('of active tokens is not pushed out by inactive ones (INT-08)', async () => {
    const rogue = await startRogue(answer(goodAnswer()));
    const verifier = rogue.create({
      cache: { ttlSeconds: 300, maximumTokens: 10 },
      monotonicNow: () => 0,
    });
    await judge(verifier, 'good');
    rogue.handle = answer({ active: false });
    for (let count = 0; count < 50; count += 1) await judge(verifier, token(count));

    expect(await judge(verifier, 'good')).toBe('verified');
    expect(rogue.bodies).toHaveLength(51);
  });

  it('CASE-26: is asked for three new tokens of a client over its limit, and for each good one', async () => {
    const rogue = await startRogue(answer({ active: false }));
    const verifier = rogue.create({ monotonicNow: () => 0 });
    const limited = { allowRemote: false, clientKey: '192.0.2.1' };
    const outcomes = [];
    for (let count = 0; count < 3; count += 1) {
      outcomes.push(await judge(verifier, token(count), limited));
    }
    expect(outcomes).toEqual(Array(3).fill('token_inactive'));
    expect(rogue.bodies).toHaveLength(3);

    rogue.handle = answer(goodAnswer());
    expect(await judge(verifier, 'good', { clientKey: '192.0.2.2' })).toBe('verified');
    for (let count = 0; count < 10; count += 1) {
      expect(await judge(verifier, 'good', limited)).toBe('verified');
    }
  });

  it('CASE-26: is asked for authentic JWTs, however many failures there were', async () => {
    const rogue = await startRogue(answer(goodAnswer()));
    const introspection = rogue.create();
    const hybrid = createHybridVerifier({
      jwt: { name: 'jwt', verify: (_token, context) => introspection.verify('x', context) },
      introspection,
      checkRevocation: true,
    });
    const limited = { allowRemote: false, failuresLeft: 0, clientKey: '192.0.2.1' };
    await judge(introspection, 'x');
    for (let count = 0; count < 10; count += 1) {
      expect(await judge(hybrid, `eyJ${count}.b.c`, limited)).toBe('verified');
    }
  });

  it('is said in numbers: hits, misses and tokens of both kinds', async () => {
    const rogue = await startRogue(answer(goodAnswer()));
    const verifier = rogue.create({ cache: { ttlSeconds: 300 } });
    await judge(verifier, 'a');
    rogue.handle = answer({ active: false });
    for (const token of ['a', 'b', 'b', 'a', 'c']) await judge(verifier, token);

    expect(verifier.readings?.()).toEqual({ cacheHits: 3, cacheMisses: 3, cachedTokens: 3 });
    const hybrid = createHybridVerifier({ jwt: verifier, introspection: verifier });
    expect(hybrid.readings?.()).toEqual({ cacheHits: 6, cacheMisses: 6, cachedTokens: 6 });
    const { readings: _none, ...without } = verifier;
    expect(createHybridVerifier({ jwt: without, introspection: verifier }).readings?.()).toEqual(
      verifier.readings?.(),
    );
  });

  it('is never that of another verifier (INT-05)', async () => {
    const one = await startRogue((_request, response, body) => {
      answer(goodAnswer({ sub: `one ${new URLSearchParams(body).get('token')}` }))(
        _request,
        response,
        body,
      );
    });
    const other = await startRogue((_request, response, body) => {
      answer(goodAnswer({ sub: `other ${new URLSearchParams(body).get('token')}` }))(
        _request,
        response,
        body,
      );
    });
    // The first questions of both are all under way at once, which takes a busy machine its time.
    const options = { cache: { ttlSeconds: 300 }, timeoutSeconds: 60 };
    const verifiers = { one: one.create(options), other: other.create(options) };
    const context = testContext({ nowSeconds: Math.floor(Date.now() / 1_000) });
    const wrong: string[] = [];
    // 100,000 questions, of which the first ones are all under way at the same time.
    for (let batch = 0; batch < 500; batch += 1) {
      await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          for (const [name, verifier] of Object.entries(verifiers)) {
            const { subject } = await verifier.verify(token(index), context);
            if (subject !== `${name} ${token(index)}`) wrong.push(subject);
          }
        }),
      );
    }

    expect(wrong).toEqual([]);
  });
});

describe('a server that is away', () => {
  it('is asked no more by a client without answers, and again when it is back (INT-16)', async () => {
    const clock = { now: 0 };
    const rogue = await startRogue((request) => request.socket.destroy());
    const verifier = rogue.create({ monotonicNow: () => clock.now });
    const ask = (opaque: string) => judge(verifier, opaque, { clientKey: '192.0.2.1' });
    for (let count = 0; count < 20; count += 1) {
      expect(await ask(token(count))).toBe('upstream_unavailable');
    }
    const asked = rogue.bodies.length;
    for (let count = 0; count < 1_000; count += 1) {
      expect(await ask(token(1_000 + count))).toBe('upstream_unavailable');
    }
    expect(asked).toBe(10);
    expect(rogue.bodies.length).toBe(asked);

    rogue.handle = answer(goodAnswer());
    expect(await ask('good')).toBe('upstream_unavailable');
    clock.now += 3_000;
    expect(await ask('good')).toBe('verified');
    expect(rogue.events).toEqual([{ type: 'breaker_opened' }, { type: 'breaker_closed' }]);
  });

  it('still lets those in whom it let in before (INT-16)', async () => {
    const rogue = await startRogue(answer(goodAnswer()));
    const verifier = rogue.create({ cache: { ttlSeconds: 300 }, monotonicNow: () => 0 });
    await judge(verifier, 'good');
    rogue.handle = answer({}, 500);
    for (let count = 0; count < 40; count += 1) await judge(verifier, token(count));

    expect(rogue.events).toEqual([{ type: 'breaker_opened' }]);
    expect(await judge(verifier, 'good')).toBe('verified');
  });

  it('is given up at the deadline, whatever it does (INT-10)', async () => {
    for (const handle of [
      () => {},
      (_request: unknown, response: import('node:http').ServerResponse) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.write('{"active":');
      },
    ]) {
      const rogue = await startRogue(handle);
      expect(await judge(rogue.create({ timeoutSeconds: 1 }), 'a')).toBe('upstream_unavailable');
    }
  });

  it('that is cut off in its answer leaves nothing for the next one (INT-20)', async () => {
    const rogue = await startRogue((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1_000 });
      response.write(JSON.stringify(goodAnswer({ sub: 'the first' })));
      setTimeout(() => response.destroy(), 20);
    });
    const verifier = rogue.create();
    expect(await judge(verifier, 'first')).toBe('upstream_unavailable');
    rogue.handle = answer(goodAnswer({ sub: 'the second' }));
    const context = testContext({ nowSeconds: Math.floor(Date.now() / 1_000) });

    expect((await verifier.verify('second', context)).subject).toBe('the second');
  });
});

describe('createServerHealth', () => {
  const setUp = () => {
    const clock = { now: 0 };
    const events: string[] = [];
    const { record } = createServerHealth(
      () => clock.now,
      ({ type }) => events.push(type),
    );
    const recordAll = (count: number, isAnswered: boolean) => {
      for (let one = 0; one < count; one += 1) record(isAnswered);
    };
    return { clock, events, recordAll };
  };

  it.each([
    [9, 0, []],
    [5, 4, []],
    [10, 0, ['breaker_opened']],
    [5, 5, ['breaker_opened']],
    [5, 6, []],
  ])('after %i failures and %i answers reports %j (INT-16)', (failures, good, expected) => {
    const { events, recordAll } = setUp();
    recordAll(good, true);
    recordAll(failures, false);

    expect(events).toEqual(expected);
  });

  it('forgets what was ten seconds ago', () => {
    const { clock, events, recordAll } = setUp();
    recordAll(9, false);
    clock.now = 10_000;
    recordAll(1, false);

    expect(events).toEqual([]);
  });

  it('reports the first answer after that', () => {
    const { events, recordAll } = setUp();
    recordAll(20, false);
    recordAll(2, true);

    expect(events).toEqual(['breaker_opened', 'breaker_closed']);
  });
});

describe('a client that leaves', () => {
  it('CASE-60: goes on to wait for the verdict that it caused, and no other caller does', async () => {
    const gate = Promise.withResolvers<void>();
    const rogue = await startRogue(async (request, response, body) => {
      await gate.promise;
      answer({ active: false })(request, response, body);
    });
    const verifier = rogue.create();
    const [first, second] = [new AbortController(), new AbortController()];
    const outcomes = [first, second].map(({ signal }) => judge(verifier, 'a', { signal }));
    while (rogue.bodies.length === 0) await new Promise(setImmediate);
    first.abort();
    second.abort();

    expect(await outcomes[1]).toBe('upstream_unavailable');
    gate.resolve();
    expect(await outcomes[0]).toBe('token_inactive');
    expect(rogue.bodies).toHaveLength(1);
  });

  it('CASE-60: asks nothing when it has gone before its turn', async () => {
    const gate = Promise.withResolvers<void>();
    const rogue = await startRogue(async (request, response, body) => {
      await gate.promise;
      answer(goodAnswer())(request, response, body);
    });
    const verifier = rogue.create();
    const clientKey = '192.0.2.1';
    const asked = Array.from({ length: 10 }, (_, count) =>
      judge(verifier, token(count), { clientKey }),
    );
    const client = new AbortController();
    const waiting = judge(verifier, token(10), { clientKey, signal: client.signal });
    while (rogue.bodies.length < 10) await new Promise(setImmediate);
    client.abort();

    expect(await waiting).toBe('upstream_unavailable');
    gate.resolve();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['verified']));
    expect(await judge(verifier, token(11), { clientKey })).toBe('verified');
    expect(rogue.bodies).toHaveLength(11);
  });
});
