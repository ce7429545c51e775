import type { Principal, RuleRequest } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createDenialList, type DenialEvent, type DenialStore } from '../src/index.ts';

const issuer = 'https://auth.example.com';
const principal: Principal = {
  issuer,
  subject: 'user-1',
  clientId: 'client-1',
  audience: [],
  scopes: new Set(),
  expiresAt: 2_000_000_000,
  claims: { jti: 'token-1' },
};
const about = (changes: Partial<Principal> = {}, nowSeconds = 1_700_000_000): RuleRequest => ({
  principal: { ...principal, ...changes },
  operation: { name: 'x', scopes: [] },
  clientKey: '192.0.2.1',
  nowSeconds,
  signal: undefined,
});
const listOf = (...denied: readonly object[]) => JSON.stringify({ version: 1, denied });
const user = { issuer, subject: 'user-1', reason: 'left the company' };

type Text = string | undefined | Error;

function setUp(first: Text | Promise<string>, more: Partial<DenialStore> = {}) {
  const state = { text: first, reads: 0, milliseconds: 0 };
  const events: DenialEvent[] = [];
  const store: DenialStore = {
    name: 'the list',
    read: async () => {
      state.reads += 1;
      if (state.text instanceof Error) throw state.text;
      return state.text;
    },
    replace: async () => false,
    ...more,
  };
  const rule = createDenialList({
    store,
    onEvent: (event) => events.push(event),
    now: () => 1_700_000_000_000,
    monotonicNow: () => state.milliseconds,
  });
  const after = async (text: Text, changes: Partial<Principal> = {}) => {
    state.text = text;
    state.milliseconds += 4_000;
    return (await rule.check(about(changes)))?.code;
  };
  return { rule, state, events, after };
}

describe('createDenialList', () => {
  it.each<[string, object, Partial<Principal>, string | undefined]>([
    ['a subject', user, {}, 'caller_denied'],
    ['a client', { issuer, client: 'client-1', reason: 'x' }, {}, 'caller_denied'],
    ['a token', { issuer, token: 'token-1', reason: 'x' }, {}, 'token_denied'],
    [
      'an API key',
      { issuer: 'urn:sallyport:api-key', token: 'key-1', reason: 'x' },
      { issuer: 'urn:sallyport:api-key', claims: { jti: 'key-1' } },
      'token_denied',
    ],
    ['another subject', user, { subject: 'user-2' }, undefined],
    [
      'the same subject of another issuer',
      user,
      { issuer: 'https://other.example.com' },
      undefined,
    ],
    [
      'a client with the name of a denied subject',
      user,
      { subject: 'x', clientId: 'user-1' },
      undefined,
    ],
    [
      'a token without an id',
      { issuer, token: 'undefined', reason: 'x' },
      { claims: {} },
      undefined,
    ],
    [
      'a token with another type of id',
      { issuer, token: '7', reason: 'x' },
      { claims: { jti: 7 } },
      undefined,
    ],
    [
      'an entry that ends in a second',
      { ...user, until: '2023-11-14T22:13:21Z' },
      {},
      'caller_denied',
    ],
    ['an entry that ends now', { ...user, until: '2023-11-14T22:13:20Z' }, {}, undefined],
  ])('DEN-01: judges %s', async (_name, entry, changes, code) => {
    const { rule } = setUp(listOf(entry));

    expect((await rule.check(about(changes)))?.code).toBe(code);
  });

  it('DEN-01: lets an entry count that ends later than another one', async () => {
    const { rule } = setUp(listOf(user, { ...user, until: '2001-01-01' }));

    expect((await rule.check(about()))?.code).toBe('caller_denied');
  });

  it('tells the log why, and answers at once from memory', async () => {
    const { rule, state } = setUp(listOf(user));
    await rule.prepare();
    const refusal = rule.check(about());

    expect(refusal).toMatchObject({ code: 'caller_denied', detail: 'denied: left the company' });
    expect(rule.check(about({ subject: 'user-2' }))).toBeUndefined();
    expect(state.reads).toBe(1);
    await rule.close();
  });

  it('DEN-03: takes a change from an old list, where timers stand still, before it decides', async () => {
    const { rule, events, after } = setUp(listOf());

    expect(await after(listOf(), {})).toBeUndefined();
    expect(await after(listOf(user))).toBe('caller_denied');
    expect(await after(listOf())).toBeUndefined();
    expect(events).toEqual([
      { type: 'denial_list_loaded', entries: 0 },
      { type: 'denial_list_loaded', entries: 1 },
      { type: 'denial_list_loaded', entries: 0 },
    ]);
    await rule.close();
  });

  it('DEN-03: decides none of several requests at once by an old list, where timers stand still', async () => {
    const { rule, state, after } = setUp(listOf());
    await after(listOf());
    state.text = listOf(user);
    state.milliseconds += 4_000;
    const refusals = await Promise.all([1, 2, 3].map(() => rule.check(about())));

    expect(refusals.map((refusal) => refusal?.code)).toEqual(new Array(3).fill('caller_denied'));
    await rule.close();
  });

  it.each<[string, Text, string, string]>([
    [
      'is away',
      Object.assign(new Error('connect to 10.0.0.7'), { code: 'ECONNREFUSED' }),
      'unreachable',
      'the list: ECONNREFUSED',
    ],
    [
      'refuses',
      new Error('NOAUTH Authentication required for 10.0.0.7'),
      'unreachable',
      'the list: NOAUTH',
    ],
    [
      'closes the connection',
      new Error('10.0.0.7 closed'),
      'unreachable',
      'the list: no connection',
    ],
    ['answers something else', new TypeError('x'), 'unreachable', 'the list: unexpected answer'],
    ['has lost the list', undefined, 'missing', 'the list has no list'],
    ['has half of a list', '{"version":1,', 'damaged', 'the list: it is not JSON'],
    ['has an empty file', '', 'damaged', 'the list: it is not JSON'],
    ['has other bytes', new SyntaxError('x'), 'damaged', 'the list: it is not UTF-8 text'],
    ['has too much', new RangeError('x'), 'too_large', 'the list: more than 256 KiB'],
  ])(
    'DEN-02: keeps the last list while the store %s, and says so once',
    async (_name, text, reason, problem) => {
      const { rule, events, after } = setUp(listOf(user));
      await rule.prepare();

      expect(await after(text)).toBe('caller_denied');
      expect(await after(text, { subject: 'user-2' })).toBeUndefined();
      expect(await after(listOf(user))).toBe('caller_denied');
      expect(events).toEqual([
        { type: 'denial_list_loaded', entries: 1 },
        { type: 'denial_list_unavailable', reason, problem, entries: 1 },
        { type: 'denial_list_available', entries: 1 },
      ]);
      // The same, from the start.
      const never = setUp(text);
      expect(await never.rule.check(about({ subject: 'user-2' }))).toMatchObject({
        code: 'upstream_unavailable',
        detail: 'the denial list was not read yet',
        retryAfterSeconds: 2,
      });
      expect(never.events).toEqual([{ type: 'denial_list_unavailable', reason, problem }]);
      expect(await never.after(listOf(), {})).toBeUndefined();
      await Promise.all([rule.close(), never.rule.close()]);
    },
  );

  it('DEN-04: keeps the newer list where an older one appears by mistake', async () => {
    const at = (writtenAt: string, ...denied: readonly object[]) =>
      JSON.stringify({ version: 1, writtenAt, denied });
    const redis = setUp(at('2026-01-02', user), { refusesOlder: true });
    await redis.rule.prepare();

    expect(await redis.after(at('2026-01-01'))).toBe('caller_denied');
    expect(redis.events.at(-1)).toMatchObject({ reason: 'older' });
    expect(await redis.after(at('2026-01-03'))).toBeUndefined();
    const file = setUp(at('2026-01-02', user));
    await file.rule.prepare();
    expect(await file.after(at('2026-01-01'))).toBeUndefined();
    await Promise.all([redis.rule.close(), file.rule.close()]);
  });

  it('DEN-02: waits for a stalled store once, and reads it no second time', async () => {
    const { rule, state } = setUp(listOf(user));
    await rule.prepare();
    state.text = new Promise<string>(() => {});
    state.milliseconds += 4_000;
    const first = rule.check(about());
    expect(first).toBeInstanceOf(Promise);
    // Time goes by while the store is silent.
    state.milliseconds += 4_000;
    expect(await first).toMatchObject({ code: 'caller_denied' });

    expect(rule.check(about())).toMatchObject({ code: 'caller_denied' });
    expect(state.reads).toBe(2);
    await rule.close();
  });

  it('DEN-05: ends the watched streams of a denied caller, and no others', async () => {
    const { rule, after } = setUp(listOf());
    await rule.prepare();
    const ended: string[] = [];
    const watch = (subject: string) =>
      rule.watch(about({ subject }), ({ code }) => ended.push(`${subject} ${code}`));
    watch('user-1');
    watch('user-2');
    watch('user-1')();
    await after(listOf(user));
    expect(ended).toEqual(['user-1 caller_denied']);
    // Denied between the check and the watch.
    watch('user-1');
    await after(listOf());

    expect(ended).toHaveLength(2);
    await rule.close();
  });

  it('DEN-05: two gates share a list: when one is closed, the other still decides, and its open streams end', async () => {
    const { rule, state } = setUp(listOf());
    await rule.prepare();
    const ended: string[] = [];
    const unwatch = rule.watch(about(), ({ code }) => ended.push(code));
    await rule.close();
    // The list reads by itself, at the time of day. Its own clock must have moved too.
    state.text = listOf(user);
    state.milliseconds += 500;
    await expect.poll(() => ended).toEqual(['caller_denied']);
    unwatch();
    const { reads } = state;
    state.text = listOf();
    state.milliseconds += 4_000;
    expect(await rule.check(about())).toBeUndefined();
    expect(state.reads).toBeGreaterThan(reads);
    // The request of the other gate has started the reading again.
    state.text = listOf(user);
    state.milliseconds += 500;
    await expect.poll(async () => (await rule.check(about()))?.code).toBe('caller_denied');
    await rule.close();
  });

  it('DEN-05: reads no more after the last gate is closed and the last stream is gone', async () => {
    const { rule, state } = setUp(listOf());
    await rule.prepare();
    const unwatch = rule.watch(about(), () => {});
    await rule.close();
    unwatch();
    const { reads } = state;
    state.milliseconds += 4_000;
    // Longer than the pause between two reads.
    await new Promise((resolve) => setTimeout(resolve, 1_300));

    expect(state.reads).toBe(reads);
  });

  it('OPS-12: refuses what is not a store', () => {
    expect(() => createDenialList({ store: '/etc/denied.json' as never })).toThrow(
      'denial.store: must be a denial store: an object with name, read, replace',
    );
  });
});
