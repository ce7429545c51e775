import { describe, expect, it } from 'vitest';
import {
  type AuditEvent,
  AuthError,
  type AuthErrorCode,
  createGuard,
  createScopePolicy,
  type Guard,
  type GuardOptions,
  type GuardRequest,
  type Principal,
  type RateLimiter,
  type VerifyContext,
} from '../../src/index.ts';

const metadataUrl = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
const principal: Principal = Object.freeze({
  issuer: 'https://auth.example.com',
  subject: 'user-1',
  clientId: 'client-1',
  audience: ['https://mcp.example.com/mcp'],
  scopes: new Set(['notes:read']),
  expiresAt: 2_000_000_000,
  claims: {},
});
const { signal } = new AbortController();
const request = (token?: string): GuardRequest => ({
  authorization: token === undefined ? [] : [`Bearer ${token}`],
  tokenInQuery: false,
  clientKey: '203.0.113.7',
  signal,
});

/** Allows ten failures, as the real one would. */
function createLimiter(counted = 0) {
  const state = { counted };
  const limiter: RateLimiter = {
    peek: async () => ({
      allowed: state.counted < 10,
      retryAfterSeconds: state.counted < 10 ? 0 : 42,
    }),
    countFailure: async () => {
      state.counted += 1;
      return { allowed: state.counted <= 10, retryAfterSeconds: state.counted <= 10 ? 0 : 42 };
    },
  };
  return { limiter, state };
}

/** Tokens are codes: `good` is good, every other one is refused with itself. */
function setUp(overrides: Partial<GuardOptions> = {}, counted = 0) {
  const events: AuditEvent[] = [];
  const contexts: VerifyContext[] = [];
  const { limiter, state } = createLimiter(counted);
  const guard = createGuard({
    verifier: {
      name: 'fake',
      verify: async (token, context) => {
        contexts.push(context);
        if (token !== 'good') throw new AuthError(token as AuthErrorCode, { detail: 'why' });
        return principal;
      },
    },
    rateLimiter: limiter,
    audit: { emit: (event) => events.push(event) },
    scopePolicy: createScopePolicy({ hierarchy: { 'notes:write': ['notes:read'] } }),
    resourceMetadataUrl: metadataUrl,
    requiredScopes: [],
    now: () => 1_767_225_600_999,
    ...overrides,
  });
  const statusOf = async (token?: string) => {
    const result = await guard.authenticate(request(token));
    return result.ok ? 200 : result.refusal.status;
  };
  return { guard, events, contexts, state, statusOf };
}

describe('MCP-22: operations of callers without a token', () => {
  const operation = { name: 'tools/call write', scopes: ['notes:write', 'notes:read'] };

  it('name their scopes in the challenge, after those of every client, once each', async () => {
    const { guard, events } = setUp({
      requiredScopes: ['notes:read'],
      initialScopes: ['notes:list'],
      requestName: (scope) => `api/${scope}`,
    });
    const result = await guard.authenticate({ ...request(), operation });

    expect(result).toMatchObject({ ok: false, refusal: { status: 401 } });
    expect(JSON.stringify(result)).toContain('api/notes:list api/notes:read api/notes:write');
    expect(events).toMatchObject([{ event: 'refused', operation: 'tools/call write' }]);
  });

  it('need no scope if they are public, also none that every operation needs', async () => {
    const { guard, events } = setUp({ requiredScopes: ['notes:admin'] });
    const stranger = { ...principal, scopes: new Set<string>() };

    const open = await guard.authorize(stranger, { name: 'ping', scopes: [], isPublic: true });
    const closed = await guard.authorize(stranger, { name: 'ping', scopes: [] });

    expect([open.ok, closed.ok]).toEqual([true, false]);
    expect(events.map(({ event }) => event)).toEqual(['authorized', 'refused']);
  });
});

describe('authenticate', () => {
  it('answers a good token with its principal, and one audit event', async () => {
    const { guard, events, contexts } = setUp();

    expect(await guard.authenticate(request('good'))).toEqual({ ok: true, principal });
    expect(events).toEqual([
      {
        event: 'authenticated',
        at: 1_767_225_600_999,
        verifier: 'fake',
        clientKey: '203.0.113.7',
        durationMs: expect.any(Number),
        issuer: 'https://auth.example.com',
        subject: 'user-1',
        clientId: 'client-1',
      },
    ]);
    expect(contexts).toStrictEqual([
      { nowSeconds: 1_767_225_600, signal, allowRemote: true, clientKey: '203.0.113.7' },
    ]);
  });

  it('says how long the token was looked at, by a clock that never goes back, without the limiter', async () => {
    const clock = { time: 100 };
    const spend = (milliseconds: number) => {
      clock.time += milliseconds;
    };
    const limited = async () => {
      spend(1_000);
      return { allowed: true, retryAfterSeconds: 0 };
    };
    const verify = async (token: string) => {
      spend(30);
      if (token !== 'good') throw new AuthError('token_inactive');
      return principal;
    };
    const { guard, events } = setUp({
      verifier: { name: 'slow', verify },
      rateLimiter: { peek: limited, countFailure: limited },
      monotonicNow: () => clock.time,
    });
    await guard.authenticate(request('good'));
    await guard.authenticate(request('bad'));

    expect(events.map(({ durationMs }) => durationMs)).toEqual([30, 30]);
  });

  it('hands the trace of a request to both of its events', async () => {
    const { guard, events } = setUp();
    const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', sampled: true };
    await guard.authenticate({ ...request('good'), trace });
    await guard.authenticate({ ...request('token_inactive'), trace });
    await guard.authorize(principal, { name: 'x', scopes: [] }, { ...request(), trace });

    expect(events.map((event) => event.trace)).toEqual([trace, trace, trace]);
  });

  it('says where to get a token when there is none, and asks no verifier (ANS-01)', async () => {
    const { guard, events, contexts } = setUp({ initialScopes: ['notes:read'] });

    expect(await guard.authenticate(request())).toMatchObject({
      ok: false,
      refusal: {
        status: 401,
        headers: {
          'WWW-Authenticate': `Bearer scope="notes:read", resource_metadata="${metadataUrl}"`,
        },
      },
    });
    expect(events).toMatchObject([{ event: 'refused', code: 'credentials_missing' }]);
    expect(events[0]).not.toHaveProperty('detail');
    expect(contexts).toEqual([]);
  });

  it('asks for the required scopes where no others are said', async () => {
    const { guard } = setUp({ requiredScopes: ['notes:read'] });

    expect(JSON.stringify(await guard.authenticate(request()))).toContain('scope=\\"notes:read\\"');
  });

  it('records the code and the detail of a refusal, and no byte of the token', async () => {
    const { guard, events } = setUp({
      verifier: {
        name: 'fake',
        verify: () => Promise.reject(new AuthError('token_inactive', { detail: 'why' })),
      },
    });
    const result = await guard.authenticate(request('secret-token'));

    expect(events).toMatchObject([{ event: 'refused', code: 'token_inactive', detail: 'why' }]);
    expect(JSON.stringify([result, events])).not.toContain('secret-token');
    expect(JSON.stringify(result)).not.toContain('why');
  });

  it.each([
    ['token_inactive', 1],
    ['token_signature_invalid', 1],
    ['token_expired', 0],
    ['upstream_unavailable', 0],
    ['scope_insufficient', 0],
  ])('counts %s %i times', async (code, times) => {
    const { guard, state } = setUp();
    await guard.authenticate(request(code));

    expect(state.counted).toBe(times);
  });

  it('answers the 11th failure with 429, and says when to come back (ANS-06)', async () => {
    const { guard, statusOf, events } = setUp();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      statuses.push(await statusOf('token_inactive'));

    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    expect(await guard.authenticate(request('token_inactive'))).toMatchObject({
      refusal: { headers: { 'Retry-After': '42' }, body: { error: 'too_many_requests' } },
    });
    expect(events.at(-1)).toMatchObject({ code: 'rate_limited', detail: 'token_inactive: why' });
  });

  it('says what is left of the limit where a failure counts, and nowhere else', async () => {
    const { limiter } = createLimiter();
    const quota = { limit: 10, remaining: 9, windowSeconds: 60 };
    const { guard, contexts } = setUp({
      rateLimiter: {
        peek: async () => ({ ...(await limiter.peek('')), quota }),
        countFailure: async () => ({ ...(await limiter.countFailure('')), quota }),
      },
    });
    const fieldOf = async (token?: string) => {
      const result = await guard.authenticate(request(token));
      return result.ok ? 'accepted' : result.refusal.headers['RateLimit'];
    };
    const tokens = ['token_inactive', 'rate_limited', 'token_expired', undefined, 'good'];
    const fields = await Promise.all(tokens.map(fieldOf));

    expect(fields).toEqual(['"failures";r=9', '"failures";r=9', undefined, undefined, 'accepted']);
    expect(contexts).toMatchObject(Array(4).fill({ failuresLeft: 9 }));
  });

  it('answers exactly ten of many failures at once with 401', async () => {
    const { statusOf } = setUp();
    const statuses = await Promise.all(
      Array.from({ length: 40 }, () => statusOf('token_inactive')),
    );

    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30);
  });

  it('lets a good token through while its neighbours are over the limit (RL-06)', async () => {
    const { statusOf, contexts, state } = setUp({}, 10);

    expect(await statusOf('good')).toBe(200);
    expect(contexts).toMatchObject([{ allowRemote: false }]);
    // A success does not make good what others did (RL-08).
    expect(state.counted).toBe(10);
    expect(await statusOf('token_inactive')).toBe(429);
  });

  it.each([undefined, 'token_expired'])(
    'never answers %s with 429, however far over the limit (RL-12, RL-16)',
    async (token) => {
      const { statusOf, state } = setUp({}, 10);
      const statuses = await Promise.all(Array.from({ length: 100 }, () => statusOf(token)));

      expect(new Set(statuses)).toEqual(new Set([401]));
      expect(state.counted).toBe(10);
    },
  );

  it('answers 429 where the verifier would have to ask somebody (RL-06)', async () => {
    const { guard, state, events } = setUp({}, 10);

    expect(await guard.authenticate(request('rate_limited'))).toMatchObject({
      refusal: { status: 429, headers: { 'Retry-After': '42' } },
    });
    expect(events).toMatchObject([{ detail: 'over the limit, and the token needs the network' }]);
    expect(state.counted).toBe(10);
  });

  it('passes on when the verifier says when to come back', async () => {
    const error = new AuthError('rate_limited', { retryAfterSeconds: 7 });
    const { guard } = setUp({ verifier: { name: 'x', verify: () => Promise.reject(error) } }, 10);

    expect(await guard.authenticate(request('x'))).toMatchObject({
      refusal: { headers: { 'Retry-After': '7' } },
    });
  });

  it('records the code of a counted failure that had no detail', async () => {
    const error = new AuthError('token_inactive');
    const verifier = { name: 'x', verify: () => Promise.reject(error) };
    const { guard, events } = setUp({ verifier }, 10);
    await guard.authenticate(request('x'));

    expect(events).toMatchObject([{ code: 'rate_limited', detail: 'token_inactive' }]);
  });
});

describe('a part that breaks', () => {
  it.each<[string, unknown]>([
    ['an Error', new TypeError('boom')],
    ['a string', 'boom'],
    ['undefined', undefined],
    ['a forged AuthError', { name: 'AuthError', code: 'token_inactive' }],
  ])(
    'never blames the token when the verifier throws %s (ANS-05, SDK-06)',
    async (_name, thrown) => {
      const { guard, state, events } = setUp({
        verifier: { name: 'x', verify: () => Promise.reject(thrown) },
      });
      const result = await guard.authenticate(request('good'));

      expect(result).toMatchObject({ refusal: { status: 503, headers: { 'Retry-After': '5' } } });
      expect(JSON.stringify(result)).not.toMatch(/invalid_token|boom/);
      expect(state.counted).toBe(0);
      expect(events).toMatchObject([{ code: 'upstream_unavailable' }]);
    },
  );

  it('may be a verifier that throws before it waits', async () => {
    const verify = () => {
      throw new Error('boom');
    };
    const { statusOf } = setUp({ verifier: { name: 'x', verify } });

    expect(await statusOf('good')).toBe(503);
  });

  const brokenLimiters: Record<string, RateLimiter> = {
    rejects: {
      peek: () => Promise.reject(new Error('boom')),
      countFailure: () => Promise.reject(new Error('boom')),
    },
    throws: {
      peek: () => {
        throw new Error('boom');
      },
      countFailure: () => {
        throw new Error('boom');
      },
    },
  };

  it.each(Object.entries(brokenLimiters))(
    'costs no client its right answer when the limiter %s',
    async (_name, rateLimiter) => {
      const { statusOf, contexts, events } = setUp({ rateLimiter });

      expect(await statusOf('good')).toBe(200);
      expect(contexts).toMatchObject([{ allowRemote: false }]);
      expect(await statusOf('token_inactive')).toBe(401);
      expect(await statusOf()).toBe(401);
      // The limit is unknown, so it is an outage and not "too many".
      expect(await statusOf('rate_limited')).toBe(503);
      expect(events.at(-1)).toMatchObject({
        detail: 'the rate limiter failed, so the network was not asked',
      });
    },
  );

  it('refuses where nothing can be recorded: no record, no access', async () => {
    const audit = {
      emit: () => {
        throw new Error('disk full');
      },
    };
    const sources = new Set<unknown>();
    const onEvent: GuardOptions['onEvent'] = (event) => sources.add(Reflect.get(event, 'source'));
    const { guard, statusOf } = setUp({ audit, onEvent });

    expect(await statusOf('good')).toBe(503);
    expect(await statusOf('token_inactive')).toBe(503);
    expect(guard.authorize(principal, { name: 'x', scopes: [] })).toMatchObject({
      refusal: { status: 503 },
    });
    expect(sources).toEqual(new Set(['audit']));
  });
});

describe('authorize', () => {
  it('lets through who has the scopes, or broader ones, with one audit event', () => {
    const { guard, events } = setUp();
    const operation = { name: 'tools/call list', scopes: ['notes:read'] };
    const writer = { ...principal, scopes: new Set(['notes:write']) };

    expect(guard.authorize(principal, operation)).toEqual({ ok: true, principal });
    expect(guard.authorize(writer, operation)).toMatchObject({ ok: true });
    expect(events).toMatchObject([
      { event: 'authorized', operation: 'tools/call list', subject: 'user-1' },
      { event: 'authorized' },
    ]);
  });

  it('names all scopes in one challenge, and records the missing ones (ANS-04)', () => {
    const { guard, events } = setUp({ requiredScopes: ['notes:read'] });
    const operation = { name: 'tools/call delete', scopes: ['notes:delete', 'notes:read'] };

    expect(guard.authorize(principal, operation)).toMatchObject({
      refusal: {
        status: 403,
        headers: {
          'WWW-Authenticate': expect.stringContaining('scope="notes:read notes:delete"'),
        },
        body: { error: 'insufficient_scope' },
      },
    });
    expect(events).toMatchObject([
      {
        event: 'refused',
        code: 'scope_insufficient',
        detail: 'missing notes:delete; granted notes:read',
      },
    ]);
  });

  it('CASE-51: records the client of a refused operation', () => {
    const { guard, events } = setUp();
    const operation = { name: 'tools/call delete', scopes: ['notes:delete'] };
    void guard.authorize(principal, operation, request());

    expect(events).toMatchObject([{ code: 'scope_insufficient', clientKey: '203.0.113.7' }]);
  });

  it('asks for the required scopes of every operation', () => {
    const { guard } = setUp({ requiredScopes: ['notes:admin'] });

    expect(guard.authorize(principal, { name: 'ping', scopes: [] })).toMatchObject({
      refusal: { status: 403 },
    });
  });
});

describe('a key that is not known yet', () => {
  const verifier = {
    name: 'fake',
    verify: () =>
      Promise.reject(new AuthError('token_key_pending', { detail: 'wait', retryAfterSeconds: 3 })),
  };

  it('CASE-27: answers 503 with Retry-After, counts it, and answers 429 over the limit (JWK-13, JWK-17)', async () => {
    const { guard, state, events } = setUp({ verifier });
    const answers = [];
    for (let count = 0; count < 11; count += 1)
      answers.push(await guard.authenticate(request('a')));

    const pending = { ok: false, refusal: { status: 503, headers: { 'Retry-After': '3' } } };
    expect(answers.slice(0, 10)).toMatchObject(Array(10).fill(pending));
    expect(answers[10]).toMatchObject({
      refusal: { status: 429, headers: { 'Retry-After': '42' } },
    });
    expect(state.counted).toBe(11);
    expect(events.at(0)).toMatchObject({ code: 'token_key_pending', detail: 'wait' });
    expect(events.at(-1)).toMatchObject({
      code: 'rate_limited',
      detail: 'token_key_pending: wait',
    });
  });

  it('CASE-27: never answers with a challenge, so that no client discards its token', async () => {
    const { guard } = setUp({ verifier });
    const answer = await guard.authenticate(request('a'));

    expect(answer).not.toHaveProperty('refusal.headers.WWW-Authenticate');
    expect(answer).toHaveProperty('refusal.body.error', 'temporarily_unavailable');
  });
});

describe('requestName', () => {
  const operation = { name: 'tools/call delete', scopes: ['notes:delete'] };
  const challengeOf = (result: ReturnType<Guard['authorize']>) =>
    result instanceof Promise || result.ok ? undefined : result.refusal.headers['WWW-Authenticate'];

  it('is what clients are told to ask for, while tokens are judged by the scopes', async () => {
    const { guard, events } = setUp({
      initialScopes: ['notes:read'],
      requestName: (scope) => `api://notes/${scope}`,
    });

    expect(guard.initialScopes).toEqual(['api://notes/notes:read']);
    expect(await guard.authenticate(request())).toMatchObject({
      refusal: {
        headers: { 'WWW-Authenticate': expect.stringContaining('scope="api://notes/notes:read"') },
      },
    });
    expect(challengeOf(guard.authorize(principal, operation))).toContain(
      'scope="api://notes/notes:delete"',
    );
    expect(guard.authorize(principal, { name: 'list', scopes: ['notes:read'] })).toHaveProperty(
      'ok',
      true,
    );
    expect(events.at(-2)?.detail).toBe('missing notes:delete; granted notes:read');
  });

  it.each<[string, (scope: string) => string]>([
    ['throws', () => expect.unreachable()],
    ['breaks out of the challenge', () => 'x", error="none'],
  ])('is the scope itself where the function %s', (_name, requestName) => {
    const { guard } = setUp({ requestName });

    expect(challengeOf(guard.authorize(principal, operation))).toContain('scope="notes:delete"');
  });
});

describe('permits', () => {
  it('OPS-09: permits nothing when the scope policy throws, and reports it', () => {
    const events: unknown[] = [];
    const { guard } = setUp({
      onEvent: (event) => events.push(event),
      scopePolicy: {
        missing: () => {
          throw new TypeError('broken');
        },
      },
    });

    expect(guard.permits(new Set(), { name: 'any', scopes: [] })).toBe(false);
    expect(guard.authorize(principal, { name: 'any', scopes: [] })).toMatchObject({
      refusal: { status: 503 },
    });
    const failure = { type: 'unexpected_failure', source: 'scope_policy' };
    expect(events).toMatchObject([failure, failure]);
  });

  it('says what authorize would, and records nothing', () => {
    const { guard, events } = setUp({ requiredScopes: ['notes:read'] });
    const permits = (granted: readonly string[], scopes: readonly string[]) =>
      guard.permits(new Set(granted), { name: 'any', scopes });

    expect(permits(['notes:read'], [])).toBe(true);
    expect(permits([], [])).toBe(false);
    expect(permits(['notes:write'], ['notes:read'])).toBe(true);
    expect(permits(['notes:read'], ['notes:write'])).toBe(false);
    expect(events).toEqual([]);
  });
});

describe('createGuard', () => {
  it.each<[string, Partial<GuardOptions>]>([
    ['guard.resourceMetadataUrl', { resourceMetadataUrl: '/relative' }],
    ['guard.requiredScopes', { requiredScopes: ['two words'] }],
    ['guard.initialScopes', { initialScopes: ['"'] }],
    ['guard.maximumTokenBytes', { maximumTokenBytes: 1_023 }],
    ['guard.maximumTokenBytes', { maximumTokenBytes: 65_537 }],
    ['guard.maximumTokenBytes', { maximumTokenBytes: 9_000.5 }],
    ['guard.maximumTokenBytes', { maximumTokenBytes: Number.POSITIVE_INFINITY }],
    ['guard.maximumTokenBytes', { maximumTokenBytes: '12000' as unknown as number }],
  ])('refuses to start with a bad %s', (option, bad) => {
    expect(() => setUp(bad)).toThrow(expect.objectContaining({ name: 'ConfigError', option }));
  });

  it('escapes what a URL must not have, so that no quote gets into a challenge', async () => {
    const { guard } = setUp({ resourceMetadataUrl: 'https://mcp.example.com/"x' });

    expect(guard.resourceMetadataUrl).toBe('https://mcp.example.com/%22x');
    expect(JSON.stringify(await guard.authenticate(request()))).toContain('/%22x');
  });

  it('closes what can be closed', async () => {
    const closed: string[] = [];
    const close = (name: string) => async () => {
      closed.push(name);
    };
    const { limiter } = createLimiter();
    const { guard } = setUp({
      verifier: { name: 'x', verify: async () => principal, close: close('verifier') },
      rateLimiter: { ...limiter, close: close('limiter') },
    });
    await guard.close();
    await setUp().guard.close();

    expect(closed).toEqual(['verifier', 'limiter']);
  });
});

it('CASE-34: takes tokens of the size that it is told, tells the verifier, and records the sizes of longer ones', async () => {
  const verify = async (_token: string, context: VerifyContext) => {
    contexts.push(context);
    return principal;
  };
  const contexts: VerifyContext[] = [];
  const verifier = { name: 'fake', verify };
  const { events, statusOf } = setUp({ verifier, maximumTokenBytes: 12_000 });

  expect(await statusOf('a'.repeat(12_000))).toBe(200);
  expect(await statusOf('a'.repeat(12_001))).toBe(401);
  expect(contexts).toMatchObject([{ maximumTokenBytes: 12_000 }]);
  expect(events[1]).toMatchObject({
    code: 'token_malformed',
    detail: 'the token has 12001 bytes; the limit is 12000 bytes (maximumTokenBytes)',
  });
});

describe('looking again at the token of a request that is being answered (MCP-06)', () => {
  it.each(['token_inactive', 'upstream_unavailable'] as const)(
    'is told %s at any time, and asks no limiter',
    async (code) => {
      const asked: string[] = [];
      const { limiter } = createLimiter();
      const { guard, contexts } = setUp({
        rateLimiter: {
          peek: (key) => {
            asked.push(`peek ${key}`);
            return limiter.peek(key);
          },
          countFailure: (key) => {
            asked.push(`count ${key}`);
            return limiter.countFailure(key);
          },
        },
      });
      const result = await guard.recheck(request(code), principal);

      expect(result.ok ? '' : result.refusal.status).toBe(code === 'token_inactive' ? 401 : 503);
      expect(contexts).toMatchObject([{ allowRemote: true }]);
      expect(asked).toEqual([]);
    },
  );
});

it('never throws, whatever reason another copy of this package gives', async () => {
  const strange = Object.assign(new AuthError('token_inactive'), { code: 'token_of_tomorrow' });
  const { guard, events } = setUp({
    verifier: { name: 'fake', verify: () => Promise.reject(strange) },
  });

  expect(await guard.authenticate(request('good'))).toMatchObject({
    ok: false,
    refusal: { status: 503 },
  });
  expect(events).toMatchObject([{ code: 'upstream_unavailable', detail: 'unexpected failure' }]);
});
