import {
  type AuthError,
  ConfigError,
  createGuard,
  createScopePolicy,
  type Principal,
} from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createMemoryCallQuota,
  createMemoryRateLimiter,
  type MemoryCallQuotaOptions,
} from '../src/index.ts';
import { callOf, principalOf, requestOf, waitOf } from './callers.ts';

function setUp(options: MemoryCallQuotaOptions) {
  const clock = { milliseconds: 86_400_000 };
  const quota = createMemoryCallQuota({ ...options, monotonicNow: () => clock.milliseconds });
  const check = (message: unknown, claims: Partial<Principal> = {}): AuthError | undefined => {
    const refusal = quota.check(requestOf(message, claims));
    if (refusal instanceof Promise) throw new Error('answers at once');
    return refusal;
  };
  const call = (tool = 'read', claims: Partial<Principal> = {}) =>
    waitOf(check(callOf(tool), claims));
  const advance = (seconds: number): void => {
    clock.milliseconds += seconds * 1_000;
  };
  return { quota, check, call, advance };
}

describe('createMemoryCallQuota', () => {
  it('RL-17: allows the calls of the window, and says when the next one is allowed', () => {
    const { check, call, advance } = setUp({ calls: 3, windowSeconds: 60 });
    for (const pause of [0, 10, 20]) {
      advance(pause);
      expect(call()).toBe(0);
    }
    expect(check(callOf('read'))).toMatchObject({
      code: 'quota_exceeded',
      detail: 'all calls: 3 in 60 s',
      retryAfterSeconds: 30,
    });
    advance(29.9);
    // A refused call does not put the next one off.
    expect(call()).toBeCloseTo(0.1);
    advance(0.2);
    expect(call()).toBe(0);
    expect(call()).toBeGreaterThan(0);
  });

  it.each([1, 9, 10, 11, 160])(
    'RL-17: never has more than %i calls in any window, whatever the batches',
    (calls) => {
      const step = fc.record({
        pause: fc.oneof(
          { weight: 8, arbitrary: fc.constant(0) },
          { weight: 4, arbitrary: fc.double({ min: 0, max: 2, noNaN: true }) },
          { weight: 1, arbitrary: fc.double({ min: 0, max: 20, noNaN: true }) },
        ),
        size: fc.integer({ min: 1, max: Math.min(calls, 7) }),
      });
      const longest = 10 * (calls > 10 ? 10 / 9 : 1) + 1e-6;
      fc.assert(
        fc.property(fc.array(step, { minLength: 50, maxLength: 300 }), (steps) => {
          const { check, advance } = setUp({ calls, windowSeconds: 10 });
          const allowedAt: number[] = [];
          let time = 0;
          for (const { pause, size } of steps) {
            advance(pause);
            time += pause;
            const wait = waitOf(check(new Array(size).fill(callOf('read'))));
            if (wait > longest) throw new Error(`told to wait for ${wait} s`);
            if (wait > 0) continue;
            for (let index = 0; index < size; index += 1) {
              const first = allowedAt[allowedAt.length - calls];
              // A millionth of a second, for what sums of fractions lose.
              if (first !== undefined && time - first < 10 - 1e-6)
                throw new Error('too many calls');
              allowedAt.push(time);
            }
          }
        }),
        { seed: 17, numRuns: 20 },
      );
    },
  );

  it('RL-17: counts each message of a batch, and all of them or none', () => {
    const { check, call } = setUp({ calls: 5 });
    expect(check([callOf('a'), callOf('b'), { jsonrpc: '2.0', id: 2, method: 'ping' }])).toBe(
      undefined,
    );
    expect(waitOf(check(new Array(4).fill(callOf('a'))))).toBeGreaterThan(0);
    expect([call(), call(), call()]).toEqual([0, 0, 0]);
    expect(call()).toBeGreaterThan(0);
  });

  it.each([3, 100])(
    'RL-17: never lets a batch of more than %i calls pass, and says so',
    (calls) => {
      const { check, call } = setUp({ calls, windowSeconds: 90 });
      const batch = new Array(calls + 1).fill(callOf('a'));

      expect(check(batch)).toMatchObject({
        code: 'quota_exceeded',
        detail: `all calls: ${calls} in 90 s, and the request has ${calls + 1}: it never passes`,
        retryAfterSeconds: 90,
      });
      expect(call()).toBe(0);
    },
  );

  it('RL-17: gives a tool a further limit, by its name or the longest beginning', () => {
    const { check, call, advance } = setUp({
      calls: 100,
      tools: {
        report: { calls: 1, windowSeconds: 3_600 },
        'admin_*': { calls: 2 },
        'admin_read_*': { calls: 3 },
      },
    });
    expect([call('report'), call('report'), call('read')]).toEqual([0, 3_600, 0]);
    expect(check(callOf('report'))?.detail).toBe('report: 1 in 3600 s');
    // All tools of a beginning together.
    expect([call('admin_drop'), call('admin_add'), call('admin_set')]).toEqual([0, 0, 60]);
    expect([1, 2, 3, 4].map((name) => call(`admin_read_${name}`))).toEqual([0, 0, 0, 60]);
    advance(61);
    expect([call('report'), call('admin_drop')]).toEqual([3_539, 0]);
  });

  it('RL-17: counts a call that one limit refuses under no other', () => {
    const { call } = setUp({ calls: 3, tools: { report: { calls: 1 } } });
    for (let attempt = 0; attempt < 20; attempt += 1) call('report');

    expect([call(), call()]).toEqual([0, 0]);
    expect(call()).toBeGreaterThan(0);
  });

  it('RL-17: may limit single tools alone', () => {
    const { call } = setUp({ tools: { report: { calls: 1 } } });
    expect(Array.from({ length: 50 }, () => call('read')).every((wait) => wait === 0)).toBe(true);
    expect([call('report'), call('report')]).toEqual([0, 60]);
  });

  const callers: readonly Partial<Principal>[] = [
    { subject: 'user-2' },
    { clientId: 'client-2' },
    { issuer: 'https://other.example.com' },
    // The same text, if claims were joined.
    { subject: 'user-1","client-1' },
    { subject: 'user-1,client-1', clientId: '' },
    { issuer: 'https://auth.example.com","user-1', subject: 'client-1' },
    { subject: 'x'.repeat(10_000) },
    { subject: `${'x'.repeat(10_000)}y` },
  ];
  it.each(callers)('RL-07: does not take %j for another caller', (claims) => {
    const { call } = setUp({ calls: 1 });
    expect([call('a'), call('a', claims)]).toEqual([0, 0]);
    expect(call('a')).toBeGreaterThan(0);
    expect(call('a', claims)).toBeGreaterThan(0);
  });

  it('RL-07: knows a caller again whatever its scopes, its claims and its address are', () => {
    const { quota, call } = setUp({ calls: 1 });
    call();
    const principal = { ...principalOf(), scopes: new Set(['admin']), claims: { sid: '2' } };
    const request = { ...requestOf(callOf('a')), principal, clientKey: '198.51.100.7' };

    expect(quota.check(request)).toMatchObject({ code: 'quota_exceeded' });
  });

  const message = (method: string, params: object = {}) => ({
    jsonrpc: '2.0',
    id: 1,
    method,
    params,
  });
  const discovery = [
    ...['initialize', 'ping', 'server/discover', 'logging/setLevel', 'resources/unsubscribe'],
    ...['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'],
    ...['tasks/get', 'tasks/result', 'tasks/list', 'tasks/cancel'],
  ];
  it('RL-18: counts no discovery unless it is told to', () => {
    const [free, all] = [{ calls: 1 }, { calls: 1, countDiscovery: true }].map(setUp);
    for (const method of discovery) expect(free?.check(message(method)), method).toBe(undefined);
    expect(free?.call()).toBe(0);
    expect(discovery.map((method) => all?.check(message(method)) === undefined)).toEqual(
      discovery.map((_, index) => index === 0),
    );
  });

  it.each([
    ['a stream', undefined],
    ['a notification', message('notifications/cancelled')],
    ['a notification that no revision has', message('notifications/x')],
    ['an answer', { jsonrpc: '2.0', id: 7, result: {} }],
    ['an error', { jsonrpc: '2.0', id: 7, error: { code: 1, message: 'no' } }],
  ])('RL-18: never counts %s', (_what, body) => {
    const { check, call } = setUp({ calls: 1, countDiscovery: true });
    expect([check(body), check([body, body])]).toEqual([undefined, undefined]);
    expect(call()).toBe(0);
  });

  it.each([
    ['tools/call', { name: 'a' }],
    ['tools/call', { name: 7 }],
    ['tools/call', {}],
    ['prompts/get', { name: 'a' }],
    ['resources/read', { uri: 'file:///a' }],
    ['resources/subscribe', { uri: 'file:///a' }],
    ['subscriptions/listen', { notifications: {} }],
    ['completion/complete', { ref: {} }],
    ['acme/anything', {}],
    ['constructor', {}],
  ])('RL-18: counts %s %j, with and without an id', (method, params) => {
    const { check } = setUp({ calls: 2 });
    expect(check(message(method, params))).toBe(undefined);
    expect(check({ jsonrpc: '2.0', method, params })).toBe(undefined);
    expect(check(message(method, params))).toMatchObject({ code: 'quota_exceeded' });
  });

  it('RL-04: remembers no more callers than it may, and forgets those who called longest ago', () => {
    const { quota, call, advance } = setUp({ calls: 1, windowSeconds: 60, maximumCallers: 100 });
    for (let caller = 0; caller < 250; caller += 1) {
      call('a', { subject: `user-${caller}` });
      expect(quota.readings().callers).toBeLessThanOrEqual(100);
    }
    expect(call('a', { subject: 'user-249' })).toBeGreaterThan(0);
    expect(call('a', { subject: 'user-0' })).toBe(0);
    advance(200);
    call();
    expect(quota.readings()).toEqual({ callers: 1 });
  });

  it.each<[string, string, unknown]>([
    ['quota', 'is missing', undefined],
    ['quota.calls', 'is missing', {}],
    ['quota.calls', 'is missing', { tools: {} }],
    ...[0, -1, 1.5, 100_001, Number.NaN].map(
      (calls) => ['quota.calls', 'must be', { calls }] as [string, string, unknown],
    ),
    ['quota.calls', 'must be', { calls: '5' }],
    ['quota.windowSeconds', 'must be', { calls: 5, windowSeconds: 0 }],
    ['quota.windowSeconds', 'must be', { calls: 5, windowSeconds: 86_401 }],
    ['quota.calls', 'is missing', { windowSeconds: 5, tools: { a: { calls: 1 } } }],
    ['quota.tools.a.calls', 'must be', { calls: 5, tools: { a: { calls: 0 } } }],
    ['quota.tools.a.calls', 'is missing', { calls: 5, tools: { a: {} } }],
    ['quota.tools.a.windowSeconds', 'must be', { tools: { a: { calls: 1, windowSeconds: 0.5 } } }],
    ['quota.tools.a.window', '', { tools: { a: { calls: 1, window: 5 } } }],
    ['quota.tools.a', '', { tools: { a: 5 } }],
    ['quota.tools', 'at most 100', { tools: listOf(101) }],
    ['quota.call', 'Did you mean', { call: 5 }],
    ['quota.maximumCallers', 'must be', { calls: 5, maximumCallers: 0 }],
    ['quota.countDiscovery', 'must be', { calls: 5, countDiscovery: 'yes' }],
  ])('RL-15: refuses to start with %s: %s (%j)', (option, problem, options) => {
    const create = () => createMemoryCallQuota(options as MemoryCallQuotaOptions);
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(option);
    expect(create).toThrow(new RegExp(problem, 'i'));
  });

  it('tells of a limit without counting, for a request that other limits have to allow too', () => {
    const { quota, call } = setUp({ calls: 1 });
    const charges = quota.chargesOf(requestOf(callOf('read')));
    if (charges === undefined) return expect.fail('no charges');

    expect([quota.peek(charges), quota.peek(charges)]).toEqual([undefined, undefined]);
    expect(call()).toBe(0);
    expect(quota.peek(charges)).toMatchObject({ code: 'quota_exceeded', retryAfterSeconds: 60 });
  });

  it('takes 100 tools', () => {
    expect(() => createMemoryCallQuota({ tools: listOf(100) })).not.toThrow();
  });

  it('RL-19: is 429 with Retry-After behind the guard, and has one line in the audit', async () => {
    const events: unknown[] = [];
    const guard = createGuard({
      verifier: { name: 'test', verify: async () => principalOf() },
      rateLimiter: createMemoryRateLimiter(),
      audit: { emit: (event) => events.push(event) },
      scopePolicy: createScopePolicy({ hierarchy: {} }),
      resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource',
      requiredScopes: [],
      rules: [setUp({ calls: 1 }).quota],
    });
    const { principal, operation } = requestOf(callOf('a'));

    expect(await guard.authorize(principal, operation)).toMatchObject({ ok: true });
    expect(await guard.authorize(principal, operation)).toMatchObject({
      ok: false,
      refusal: { status: 429, headers: { 'Retry-After': '60' } },
    });
    expect(events).toMatchObject([
      { event: 'authorized', operation: 'tools/call' },
      {
        event: 'refused',
        code: 'quota_exceeded',
        detail: 'all calls: 1 in 60 s',
        subject: 'user-1',
      },
    ]);
  });
});

function listOf(count: number): Record<string, { calls: number }> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`t${index}`, { calls: 1 }]),
  );
}
