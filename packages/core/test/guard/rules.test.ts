import { describe, expect, it, vi } from 'vitest';
import { askRules } from '../../src/guard/ask-rules.ts';
import {
  type AuditEvent,
  AuthError,
  type AuthorizationRule,
  createGuard,
  createScopePolicy,
  type GuardOptions,
  type GuardRequest,
  type OperationalEvent,
  type Principal,
  type RuleRequest,
} from '../../src/index.ts';

const principal: Principal = {
  issuer: 'https://auth.example.com',
  subject: 'user-1',
  clientId: 'client-1',
  audience: ['https://mcp.example.com/mcp'],
  scopes: new Set(['notes:read']),
  expiresAt: 2_000_000_000,
  claims: {},
};
const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list' } };
const operation = { name: 'tools/call list', scopes: ['notes:read'], message };
const request = (signal = new AbortController().signal): GuardRequest => ({
  authorization: ['Bearer good'],
  tokenInQuery: false,
  clientKey: '203.0.113.7',
  signal,
});
const accepted = { ok: true, principal };
const unavailable = { refusal: { status: 503, body: { error: 'temporarily_unavailable' } } };

function setUp(rules: readonly AuthorizationRule[], overrides: Partial<GuardOptions> = {}) {
  const audit: AuditEvent[] = [];
  const events: OperationalEvent[] = [];
  const calm = async () => ({ allowed: true, retryAfterSeconds: 0 });
  const guard = createGuard({
    verifier: { name: 'fake', verify: async () => principal },
    rateLimiter: { peek: calm, countFailure: calm },
    audit: { emit: (event) => audit.push(event) },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
    requiredScopes: [],
    rules,
    onEvent: (event) => events.push(event),
    now: () => 1_767_225_600_999,
    ...overrides,
  });
  return { guard, audit, events };
}

const ruleOf = (
  check: (request: RuleRequest) => unknown,
  more: Partial<AuthorizationRule> = {},
): AuthorizationRule => ({ name: 'test', check: check as AuthorizationRule['check'], ...more });
const denied = new AuthError('caller_denied', { detail: 'left the company' });

describe('rules', () => {
  it('are asked in order, with what the caller wants, only once the scopes are enough', async () => {
    const asked: [string, RuleRequest][] = [];
    const rule = (name: string) => ruleOf((about) => void asked.push([name, about]), { name });
    const { guard, audit } = setUp([rule('first'), rule('second'), ruleOf(async () => undefined)]);
    const asking = request();

    expect(guard.authorize(principal, { name: 'x', scopes: ['notes:write'] })).toMatchObject({
      refusal: { status: 403, body: { error: 'insufficient_scope' } },
    });
    expect(asked).toEqual([]);
    expect(await guard.authorize(principal, operation, asking)).toEqual(accepted);
    const about = {
      principal,
      operation,
      clientKey: '203.0.113.7',
      nowSeconds: 1_767_225_600,
      signal: asking.signal,
    };
    expect(asked).toEqual([
      ['first', about],
      ['second', about],
    ]);
    expect(audit).toMatchObject([{ code: 'scope_insufficient' }, { event: 'authorized' }]);
  });

  it('know nothing of a request that is not given', async () => {
    const check = vi.fn<(about: RuleRequest) => undefined>();
    const { guard } = setUp([ruleOf(check)]);
    await guard.authorize(principal, operation);

    expect(check.mock.lastCall?.[0]).toMatchObject({ clientKey: undefined, signal: undefined });
  });

  it('cost nothing where there are none: authorize answers at once', () => {
    expect(setUp([]).guard.authorize(principal, operation)).toEqual(accepted);
  });

  it('stop at the first refusal, whose reason goes to the log and not to the client', async () => {
    const never = vi.fn();
    const { guard, audit } = setUp([ruleOf(() => denied), ruleOf(never)]);
    const result = await guard.authorize(principal, operation, request());

    expect(result).toEqual({
      ok: false,
      refusal: {
        status: 403,
        headers: { 'Cache-Control': 'no-store', 'Content-Type': 'application/json' },
        body: { error_description: 'Access denied' },
      },
    });
    expect(never).not.toHaveBeenCalled();
    expect(audit).toMatchObject([
      { event: 'refused', code: 'caller_denied', detail: 'left the company', subject: 'user-1' },
    ]);
  });

  it.each([
    ['caller_denied', 403, undefined, undefined],
    ['policy_denied', 403, undefined, undefined],
    ['token_denied', 401, 'invalid_token', undefined],
    ['quota_exceeded', 429, 'too_many_requests', '7'],
  ] as const)('answer %s with %i', async (code, status, error, wait) => {
    const { guard } = setUp([ruleOf(async () => new AuthError(code, { retryAfterSeconds: 7 }))]);
    const result = await guard.authorize(principal, operation);

    expect(result).toMatchObject({ refusal: { status } });
    const { headers, body } = result.ok ? expect.unreachable() : result.refusal;
    expect([body.error, headers['Retry-After']]).toEqual([error, wait]);
    expect(headers['WWW-Authenticate']).toEqual(
      status === 401 ? expect.stringContaining('error="invalid_token"') : undefined,
    );
  });

  const strange = Object.assign(new AuthError('token_denied'), { code: 'token_of_tomorrow' });
  it.each<[string, () => unknown]>([
    ['null', () => null],
    ['true', () => true],
    ['false', () => false],
    ['a text', () => 'allow'],
    ['a promise of true', async () => true],
    ['a promise of null', async () => null],
    ['a promise of another promise of an object', async () => Promise.resolve({})],
    // biome-ignore lint/suspicious/noThenProperty: such objects exist, and `await` takes them for promises.
    ['a thenable of true', () => ({ then: (done: (value: unknown) => void) => done(true) })],
    ['an error of another class', () => new TypeError('x')],
    ['a code that this copy of the package does not know', () => strange],
  ])('OPS-12: never allow by returning %s', async (_name, check) => {
    const { guard, events } = setUp([ruleOf(check)]);

    expect(await guard.authorize(principal, operation, request())).toMatchObject(unavailable);
    expect(events).toMatchObject([{ type: 'unexpected_failure', source: 'rule' }]);
  });

  it.each<[string, () => unknown]>([
    ['throw', () => expect.unreachable('broken')],
    ['throw nothing', () => Promise.reject()],
    ['reject', () => Promise.reject(new TypeError('broken'))],
    [
      'throw what a verifier said of another token',
      () => Promise.reject(new AuthError('token_expired')),
    ],
    ['throw a refusal', () => Promise.reject(denied)],
  ])('are our fault when they %s', async (_name, check) => {
    const { guard, events, audit } = setUp([ruleOf(check)]);

    expect(await guard.authorize(principal, operation)).toMatchObject(unavailable);
    expect(events).toMatchObject([{ type: 'unexpected_failure', source: 'rule' }]);
    expect(audit).toMatchObject([{ code: 'upstream_unavailable' }]);
  });

  it('may say themselves that they cannot tell', async () => {
    const away = new AuthError('upstream_unavailable', { detail: 'store', retryAfterSeconds: 2 });
    const { guard, events } = setUp([ruleOf(() => away)]);

    expect(await guard.authorize(principal, operation)).toMatchObject({
      refusal: { status: 503, headers: { 'Retry-After': '2' } },
    });
    expect(events).toEqual([]);
  });

  it('do not hang a request: no answer in time is a failure', async () => {
    const silent = ruleOf(() => new Promise(() => {}));
    const about = { principal, operation, nowSeconds: 1, clientKey: undefined, signal: undefined };

    expect(await askRules([silent], about, 1)).toMatchObject({ message: 'no answer in time' });
  });

  it('OPS-13: blame no outage when the client left', async () => {
    const { guard, audit, events } = setUp([ruleOf(() => Promise.reject(new Error('aborted')))]);

    expect(await guard.authorize(principal, operation, request(AbortSignal.abort()))).toMatchObject(
      {
        refusal: { status: 499 },
      },
    );
    expect(audit).toMatchObject([{ event: 'abandoned' }]);
    expect(events).toEqual([]);
  });

  it('refuse where nothing can be recorded', async () => {
    const audit = { emit: () => expect.unreachable('disk full') };
    const { guard } = setUp([ruleOf(() => undefined)], { audit });

    expect(await guard.authorize(principal, operation)).toMatchObject(unavailable);
  });

  it('OPS-12: are checked at the start', () => {
    expect(() => setUp([{ name: 'test' } as never])).toThrow(
      'guard.rules[0]: must be an authorization rule: an object with name, check',
    );
  });

  it('are closed with the guard', async () => {
    const close = vi.fn(async () => {});
    const { guard } = setUp([ruleOf(() => undefined, { close }), ruleOf(() => undefined)]);
    await guard.close();

    expect(close).toHaveBeenCalledOnce();
  });

  it('are all closed, also if the close of one throws', async () => {
    const close = vi.fn(async () => {});
    const broken = () => expect.unreachable('broken');
    const { guard } = setUp([
      ruleOf(() => undefined, { close: broken }),
      ruleOf(() => undefined, { close }),
    ]);

    await expect(guard.close()).rejects.toThrow('broken');
    expect(close).toHaveBeenCalledOnce();
  });
});

describe('rules of open streams', () => {
  it('end a stream while they watch it, and record it', () => {
    const asked: RuleRequest[] = [];
    let refuse: (refusal: AuthError) => void = () => expect.unreachable();
    const stopped = vi.fn();
    const watch: NonNullable<AuthorizationRule['watch']> = (about, end) => {
      asked.push(about);
      refuse = end;
      return stopped;
    };
    const { guard, audit } = setUp([
      ruleOf(() => undefined, { watch }),
      ruleOf(() => undefined),
      ruleOf(() => undefined, { watch }),
    ]);
    const end = vi.fn();
    const stop = guard.watch?.(principal, operation, request(), end);
    expect(end).not.toHaveBeenCalled();
    refuse(denied);
    stop?.();

    expect(end).toHaveBeenCalledOnce();
    expect(stopped).toHaveBeenCalledTimes(2);
    expect(asked).toMatchObject(Array(2).fill({ principal, operation, nowSeconds: 1_767_225_600 }));
    expect(audit).toMatchObject([
      { event: 'refused', code: 'caller_denied', operation: 'tools/call list' },
    ]);
  });

  it.each<[string, () => unknown, number]>([
    ['throws: the stream ends', () => expect.unreachable('broken'), 1],
    ['returns nothing to stop it with', () => undefined, 0],
    ['returns a promise', async () => {}, 0],
    ['throws when it is stopped', () => () => expect.unreachable('broken'), 0],
  ])('never throw, when a rule that watches %s', (_name, watch, ends) => {
    const { guard } = setUp([ruleOf(() => undefined, { watch: watch as never })]);
    const end = vi.fn();
    guard.watch?.(principal, operation, request(), end)();

    expect(end).toHaveBeenCalledTimes(ends);
  });

  it('end a stream without a reason, which is recorded as a refusal', () => {
    const watch = (_about: RuleRequest, end: () => void) => void end();
    const { guard, audit } = setUp([ruleOf(() => undefined, { watch: watch as never })]);
    const end = vi.fn();
    guard.watch?.(principal, operation, request(), end);

    expect(end).toHaveBeenCalledOnce();
    expect(audit).toMatchObject([{ event: 'refused', code: 'upstream_unavailable' }]);
  });
});
