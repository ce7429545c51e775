/** Rows INT: many requests, servers that are away, and what is remembered. */
import { createHash } from 'node:crypto';
import { testContext } from '@sallyport/contract-tests';
import { describe, expect, it } from 'vitest';
import { createBulkhead } from '../src/bulkhead.ts';
import { createCircuitBreaker } from '../src/circuit-breaker.ts';
import { createHybridVerifier } from '../src/index.ts';
import { createSharedQuestions } from '../src/shared-questions.ts';
import { answer, goodAnswer, judge, startRogue } from './fixture.ts';

const tokens = Array.from({ length: 3_000 }, (_, count) =>
  createHash('sha256').update(`${count}`).digest('base64url'),
);
const token = (count: number) => tokens[count] ?? '';

describe('what is remembered', () => {
  it('is nothing but, for 5 seconds, what was inactive (INT-08)', async () => {
    const clock = { now: 0 };
    const rogue = await startRogue(answer({ active: false }));
    const verifier = rogue.create({ now: () => clock.now });
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
    const verifier = rogue.create({ cache: { ttlSeconds: 300 }, now: () => 0 });
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
    const verifier = rogue.create({ cache: { ttlSeconds: 300, maximumTokens: 10 }, now: () => 0 });
    await judge(verifier, 'good');
    rogue.handle = answer({ active: false });
    for (let count = 0; count < 50; count += 1) await judge(verifier, token(count));

    expect(await judge(verifier, 'good')).toBe('verified');
    expect(rogue.bodies).toHaveLength(51);
  });

  it('is all that those get who are over the limit of failures', async () => {
    const rogue = await startRogue(answer(goodAnswer()));
    const verifier = rogue.create({ cache: { ttlSeconds: 300 } });
    expect(await judge(verifier, 'a', { allowRemote: false })).toBe('rate_limited');
    expect(rogue.bodies).toHaveLength(0);
    await judge(verifier, 'a');
    expect(await judge(verifier, 'a', { allowRemote: false })).toBe('verified');
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
    const cache = { ttlSeconds: 300 };
    const verifiers = { one: one.create({ cache }), other: other.create({ cache }) };
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
  it('is not asked while the breaker is open, and again when it is back (INT-16)', async () => {
    const clock = { now: 0 };
    const rogue = await startRogue((request) => request.socket.destroy());
    const verifier = rogue.create({ now: () => clock.now });
    for (let count = 0; count < 20; count += 1) {
      expect(await judge(verifier, token(count))).toBe('upstream_unavailable');
    }
    const asked = rogue.bodies.length;
    const before = performance.now();
    for (let count = 0; count < 1_000; count += 1) {
      expect(await judge(verifier, token(1_000 + count))).toBe('upstream_unavailable');
    }
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(rogue.bodies.length).toBe(asked);

    rogue.handle = answer(goodAnswer());
    expect(await judge(verifier, 'good')).toBe('upstream_unavailable');
    clock.now += 2_000;
    expect(await judge(verifier, 'good')).toBe('verified');
    expect(rogue.events).toEqual([{ type: 'breaker_opened' }, { type: 'breaker_closed' }]);
  });

  it('is not taken for one because clients come and go (INT-16)', async () => {
    const rogue = await startRogue(() => {});
    const verifier = rogue.create();
    for (let count = 0; count < 30; count += 1) {
      const client = new AbortController();
      const outcome = judge(verifier, token(count), { signal: client.signal });
      setTimeout(() => client.abort(), 5);
      expect(await outcome).toBe('upstream_unavailable');
    }
    rogue.handle = answer(goodAnswer());

    expect(await judge(verifier, 'good')).toBe('verified');
    expect(rogue.events).toEqual([]);
  });

  it('still lets those in whom it let in before (INT-16)', async () => {
    const rogue = await startRogue(answer(goodAnswer()));
    const verifier = rogue.create({ cache: { ttlSeconds: 300 }, now: () => 0 });
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
      const start = performance.now();
      expect(await judge(rogue.create({ timeoutSeconds: 1 }), 'a')).toBe('upstream_unavailable');
      expect(performance.now() - start).toBeLessThan(2_000);
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

describe('createCircuitBreaker', () => {
  const setUp = () => {
    const clock = { now: 0 };
    const breaker = createCircuitBreaker({ now: () => clock.now });
    const record = (count: number, outcome: 'answered' | 'failed') => {
      for (let one = 0; one < count; one += 1) breaker.record(outcome);
    };
    return { clock, breaker, record };
  };

  it.each([
    [19, 0, false],
    [10, 9, false],
    [20, 0, true],
    [10, 10, true],
    [10, 11, false],
  ])('after %i failures and %i answers is open: %s (INT-16)', (failures, good, isOpen) => {
    const { breaker, record } = setUp();
    record(good, 'answered');
    record(failures, 'failed');

    expect(breaker.isOpen).toBe(isOpen);
    expect(breaker.admit()).toBe(!isOpen);
  });

  it('lets the next one through when the one that it let through was given up', () => {
    const { clock, breaker, record } = setUp();
    record(20, 'failed');
    clock.now = 2_000;
    expect(breaker.admit()).toBe(true);
    breaker.record('given up');
    expect([breaker.isOpen, breaker.admit()]).toEqual([true, true]);
  });

  it('forgets what was ten seconds ago', () => {
    const { clock, breaker, record } = setUp();
    record(19, 'failed');
    clock.now = 10_000;
    record(1, 'failed');
    expect(breaker.isOpen).toBe(false);
  });

  it('lets one at a time through, every two seconds', () => {
    const { clock, breaker, record } = setUp();
    record(20, 'failed');
    clock.now = 1_999;
    expect(breaker.admit()).toBe(false);
    clock.now = 2_000;
    expect([breaker.admit(), breaker.admit()]).toEqual([true, false]);
    breaker.record('failed');
    expect(breaker.admit()).toBe(false);
    clock.now = 4_000;
    expect(breaker.admit()).toBe(true);
    breaker.record('answered');
    expect([breaker.isOpen, breaker.admit(), breaker.admit()]).toEqual([false, true, true]);
  });
});

describe('createBulkhead', () => {
  it('runs some, keeps some waiting in order, and refuses the rest (INT-17)', async () => {
    const bulkhead = createBulkhead({ running: 2, waiting: 2 });
    const order: number[] = [];
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    const runs = gates.map((gate, index) =>
      bulkhead
        .run(async () => {
          order.push(index);
          await gate.promise;
        })
        .then(
          () => 'done',
          (error: { code: string }) => error.code,
        ),
    );
    expect(await runs[4]).toBe('upstream_unavailable');
    expect(order).toEqual([0, 1]);
    gates[1]?.resolve();
    await runs[1];
    expect(order).toEqual([0, 1, 2]);
    for (const gate of gates) gate.resolve();
    expect(await Promise.all(runs)).toEqual([
      'done',
      'done',
      'done',
      'done',
      'upstream_unavailable',
    ]);
    expect(await bulkhead.run(async () => 'again')).toBe('again');
  });
});

describe('createSharedQuestions', () => {
  it('goes on for the others when one has gone, and ends when all have', async () => {
    const questions = createSharedQuestions<string>();
    const gate = Promise.withResolvers<string>();
    const signals: AbortSignal[] = [];
    const ask = (signal: AbortSignal) => {
      signals.push(signal);
      return gate.promise;
    };
    const [first, second] = [new AbortController(), new AbortController()];
    const answers = [first, second].map(({ signal }) =>
      questions.share('a', signal, ask).catch(({ code }: { code: string }) => code),
    );
    first.abort();
    expect(await answers[0]).toBe('upstream_unavailable');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    second.abort();
    expect(await answers[1]).toBe('upstream_unavailable');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);

    gate.resolve('late');
    const again = questions.share('a', new AbortController().signal, async () => 'new');
    expect(await again).toBe('new');
  });
});
