import { type AuthError, isAuthError, type Principal, type RuleRequest } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { allow, createPolicy, deny, type Policy, type PolicyEvent } from '../src/index.ts';

const principal: Principal = {
  issuer: 'https://auth.example.com',
  subject: 'user-1',
  clientId: 'client-1',
  audience: [],
  scopes: new Set(['pay']),
  expiresAt: 2_000_000_000,
  claims: { department: 'sales' },
};
const call = (name: unknown, given: unknown = {}, id = 1) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: given },
});
const about = (message: unknown): RuleRequest => ({
  principal,
  operation: { name: 'tools/call pay', scopes: ['pay'], message },
  clientKey: '192.0.2.1',
  nowSeconds: 1_700_000_000,
  signal: undefined,
});
const payments: Policy = (caller, { kind, name }, given) => {
  if (kind !== 'tool' || name !== 'pay') return allow;
  const { amount } = given as { amount: number };
  return amount <= 1_000 ? allow : deny(`${caller.claims['department']} pays ${amount}`);
};
async function outcome(policy: unknown, message: unknown): Promise<string | undefined> {
  try {
    const refusal: AuthError | undefined = await createPolicy(policy as Policy).check(
      about(message),
    );
    return isAuthError(refusal) ? `${refusal.code}: ${refusal.detail}` : String(refusal);
  } catch (error) {
    return error instanceof Error ? error.name : 'something else';
  }
}

describe('createPolicy', () => {
  it.each<[string, unknown, string]>([
    ['a call within the limit', call('pay', { amount: 1_000 }), 'undefined'],
    ['a call over the limit', call('pay', { amount: 1_001 }), 'policy_denied: sales pays 1001'],
    ['another tool', call('list'), 'undefined'],
    [
      'a batch with one bad call',
      [call('list'), call('pay', { amount: 9_999 }, 2)],
      'policy_denied: sales pays 9999',
    ],
    ['a stream', undefined, 'undefined'],
    [
      'a tool without a name',
      call(['pay'], { amount: 9_999 }),
      'policy_denied: a tool without a name',
    ],
    ['arguments of another form', call('pay', null), 'TypeError'],
  ])('POL-01: decides about %s', async (_name, message, expected) => {
    expect(await outcome(payments, message)).toBe(expected);
  });

  it('MCP-03: is asked about every message, and every spelling of a resource', async () => {
    const asked: string[] = [];
    const policy = createPolicy((_principal, { kind, method, name }) => {
      asked.push(`${method} ${kind} ${name}`);
      return allow;
    });
    const read = { method: 'resources/read', params: { uri: 'file:///a/../%73ecret' } };
    await policy.check(about([read, { method: 'ping' }]));

    expect(asked).toEqual([
      'resources/read resource file:///a/../%73ecret',
      'resources/read resource file:///%73ecret',
      'resources/read resource file:///secret',
      'ping method ping',
    ]);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['true', true],
    ['1', 1],
    ["'allow'", 'allow'],
    ['an empty object', {}],
    ["{ verdict: 'allow' }", { verdict: 'allow' }],
    ['the function allow would be', () => allow],
    ['an array of allow', [allow]],
    ['what inherits from allow', Object.create(allow)],
    ['a symbol', Symbol.for('@sallyport/policy/allow')],
  ])('POL-02: never allows by %s, or by a promise of it', async (_name, value) => {
    expect(await outcome(() => value, call('list'))).toBe('TypeError');
    expect(await outcome(async () => value, call('list'))).toBe('TypeError');
  });

  it.each<[string, unknown, string]>([
    ['throws', () => expect.unreachable('x'), 'AssertionError'],
    ['rejects with nothing', () => Promise.reject(), 'something else'],
  ])('POL-02: allows nothing when it %s', async (_name, policy, expected) => {
    expect(await outcome(policy, call('list'))).toBe(expected);
  });

  it.each<[string, unknown, string]>([
    ['no reason', undefined, 'no reason given'],
    ['an object', { secret: 1 }, 'no reason given'],
    ['control characters', 'a\r\n\u001b[31mb\u202ec', 'a [31mb c'],
    ['a long text', 'x'.repeat(500), 'x'.repeat(200)],
  ])('OPS-03: denies with %s, in one short line', async (_name, because, line) => {
    expect(await outcome(() => deny(because as string), call('list'))).toBe(
      `policy_denied: ${line}`,
    );
  });

  it('takes a promise of a verdict', async () => {
    expect(await outcome(async () => allow, call('list'))).toBe('undefined');
    expect(await outcome(async () => deny('no'), call('list'))).toBe('policy_denied: no');
  });

  it('OPS-12: refuses other arguments at the start', () => {
    expect(() => createPolicy(undefined as never)).toThrow('policy: is missing');
    expect(() => createPolicy({} as never)).toThrow('policy: must be a function');
    expect(() => createPolicy(() => allow, { dryrun: true } as never)).toThrow(
      'policy.dryrun: unknown option dryrun. Did you mean dryRun?',
    );
  });
});

describe('a dry run', () => {
  const who = { issuer: principal.issuer, subject: 'user-1', clientId: 'client-1' };

  it('POL-03: refuses nothing, waits for nothing, and reports what it would refuse', async () => {
    const events: PolicyEvent[] = [];
    const onEvent = (event: PolicyEvent) => void events.push(event);
    const policies: Policy[] = [
      payments,
      () => expect.unreachable('with the secret'),
      () => undefined as never,
      async () => allow,
    ];
    for (const policy of policies) {
      const rule = createPolicy(policy, { dryRun: true, onEvent });
      expect(rule.check(about(call('pay', { amount: 2_000 })))).toBeUndefined();
    }
    await new Promise(setImmediate);

    const operation = 'tools/call pay';
    const expected = [
      { type: 'policy_would_deny', reason: 'sales pays 2000', operation, ...who },
      { type: 'policy_would_fail', error: 'AssertionError', operation, ...who },
      { type: 'policy_would_fail', error: 'TypeError', operation, ...who },
    ];
    expect(new Set(events)).toEqual(new Set(expected));
  });

  it('POL-03: is bounded, also where the policy never answers', async () => {
    const events: PolicyEvent[] = [];
    let asked = 0;
    const rule = createPolicy(
      () => {
        asked += 1;
        return new Promise(() => {});
      },
      { dryRun: true, onEvent: (event) => events.push(event) },
    );
    for (let count = 0; count < 1_001; count += 1) void rule.check(about(call('list')));

    expect(asked).toBe(1_000);
    expect(events).toMatchObject([{ error: 'too many answers are outstanding' }]);
  });
});
