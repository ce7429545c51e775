import { describe, expect, it } from 'vitest';
import {
  type AuditEvent,
  AuthError,
  type Confirmation,
  createGuard,
  createScopePolicy,
  type GuardRequest,
  type Principal,
  type ProofRequest,
  type SenderConstraint,
  type VerifyContext,
} from '../../src/index.ts';

const metadataUrl = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
const jkt: Confirmation = { method: 'jkt', thumbprint: 'key-thumbprint' };
const x5t: Confirmation = { method: 'x5t#S256', thumbprint: 'certificate-thumbprint' };
const bindings: Readonly<Record<string, Confirmation | undefined>> = { jkt, x5t, none: undefined };
const proof: ProofRequest = {
  method: 'POST',
  url: 'https://mcp.example.com/mcp',
  field: () => [],
};
const { signal } = new AbortController();

const request = (authorization: string, others: Partial<GuardRequest> = {}): GuardRequest => ({
  authorization: [authorization],
  tokenInQuery: false,
  clientKey: '203.0.113.7',
  signal,
  proof,
  ...others,
});

const user: Principal = {
  issuer: 'https://auth.example.com',
  subject: 'user-1',
  clientId: 'client-1',
  audience: ['https://mcp.example.com/mcp'],
  scopes: new Set(['notes:read']),
  expiresAt: 2_000_000_000,
  claims: {},
};

type Confirm = SenderConstraint['confirm'];

const dpop = (overrides: Partial<SenderConstraint> = {}): SenderConstraint => ({
  method: 'jkt',
  scheme: 'DPoP',
  required: false,
  algorithms: ['ES256', 'EdDSA'],
  confirm: async () => ({}),
  ...overrides,
});
const mtls = (overrides: Partial<SenderConstraint> = {}): SenderConstraint => ({
  method: 'x5t#S256',
  scheme: 'Bearer',
  required: false,
  algorithms: [],
  confirm: async () => ({}),
  ...overrides,
});

/** Tokens are named after their binding. */
function setUp(senderConstraints?: readonly SenderConstraint[]) {
  const events: AuditEvent[] = [];
  const contexts: VerifyContext[] = [];
  const counted: string[] = [];
  const guard = createGuard({
    verifier: {
      name: 'fake',
      async verify(token, context): Promise<Principal> {
        contexts.push(context);
        if (!(token in bindings)) throw new AuthError('token_inactive');
        const confirmation = bindings[token];
        return Object.freeze({ ...user, ...(confirmation && { confirmation }) });
      },
    },
    rateLimiter: {
      peek: async () => ({ allowed: true, retryAfterSeconds: 0 }),
      async countFailure(key) {
        counted.push(key);
        return { allowed: true, retryAfterSeconds: 0 };
      },
    },
    audit: { emit: (event) => events.push(event) },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: metadataUrl,
    requiredScopes: [],
    initialScopes: ['notes:read'],
    now: () => 1_767_225_600_999,
    ...(senderConstraints && { senderConstraints }),
  });
  const codeOf = async (given: GuardRequest) => {
    const { ok } = await guard.authenticate(given);
    return ok ? 'ok' : events.at(-1)?.code;
  };
  const challengeOf = async (given: GuardRequest) => {
    const result = await guard.authenticate(given);
    return result.ok ? undefined : result.refusal.headers['WWW-Authenticate'];
  };
  return { guard, events, contexts, counted, codeOf, challengeOf };
}

describe('without sender constraints', () => {
  it('knows no scheme DPoP, and tells verifiers of no proof', async () => {
    const { codeOf, contexts } = setUp();

    expect(await codeOf(request('DPoP jkt'))).toBe('credentials_missing');
    expect(await codeOf(request('Bearer none'))).toBe('ok');
    expect(contexts).toEqual([
      { nowSeconds: 1_767_225_600, signal, allowRemote: true, clientKey: '203.0.113.7' },
    ]);
  });

  it.each(['jkt', 'x5t'])(
    'lets no bound token in, even where a verifier does: %s (CLM-17)',
    async (token) => {
      expect(await setUp().codeOf(request(`Bearer ${token}`))).toBe('token_sender_constrained');
    },
  );
});

describe('with sender constraints', () => {
  it.each([
    ['DPoP jkt', 'ok'],
    ['dpop jkt', 'ok'],
    ['Bearer x5t', 'ok'],
    ['Bearer none', 'ok'],
    ['Bearer jkt', 'token_sender_constrained'],
    ['DPoP x5t', 'token_sender_constrained'],
    ['DPoP none', 'token_not_sender_constrained'],
    ['DPoP unknown', 'token_inactive'],
    ['DPoP', 'credentials_malformed'],
    ['DPoP jkt, DPoP jkt', 'credentials_malformed'],
    ['DPoP jkt extra', 'token_malformed'],
    ['Basic dXNlcjpwYXNz', 'credentials_missing'],
  ])('answers "%s" with %s (DPOP-10)', async (authorization, expected) => {
    expect(await setUp([dpop(), mtls()]).codeOf(request(authorization))).toBe(expected);
  });

  it('tells verifiers which bindings are proven', async () => {
    const { contexts, codeOf } = setUp([dpop(), mtls()]);
    await codeOf(request('DPoP jkt'));

    expect(contexts[0]?.confirmationMethods).toEqual(new Set(['jkt', 'x5t#S256']));
  });

  it('refuses a binding that it has no proof for (CLM-17)', async () => {
    expect(await setUp([dpop()]).codeOf(request('Bearer x5t'))).toBe('token_sender_constrained');
    expect(await setUp([mtls()]).codeOf(request('DPoP jkt'))).toBe('credentials_missing');
  });

  it('hands on thumbprint, token, request, time and signal, and for verified tokens only', async () => {
    const calls: Parameters<Confirm>[] = [];
    const confirm: Confirm = async (...given) => {
      calls.push(given);
      return {};
    };
    const { codeOf } = setUp([dpop({ confirm })]);
    await codeOf(request('DPoP unknown'));
    await codeOf(request('DPoP none'));
    await codeOf(request('DPoP jkt'));

    const bound = { thumbprint: 'key-thumbprint', token: 'jkt' };
    expect(calls).toEqual([[bound, proof, { nowSeconds: 1_767_225_600, signal }]]);
  });

  it('sends the headers of a proof along, and none where there are none', async () => {
    const headers = { 'DPoP-Nonce': 'next' };
    const { guard } = setUp([dpop({ confirm: async () => headers })]);

    expect(await guard.authenticate(request('DPoP jkt'))).toMatchObject({ ok: true, headers });
    expect(await guard.authenticate(request('Bearer none'))).not.toHaveProperty('headers');
  });

  it('records whose token came with a bad proof, counts it, and does not let it in', async () => {
    const confirm = () => Promise.reject(new AuthError('dpop_proof_invalid', { detail: 'htu' }));
    const { codeOf, events, counted } = setUp([dpop({ confirm })]);

    expect(await codeOf(request('DPoP jkt'))).toBe('dpop_proof_invalid');
    expect(events).toMatchObject([
      { event: 'refused', code: 'dpop_proof_invalid', detail: 'htu', subject: 'user-1' },
    ]);
    expect(counted).toEqual(['203.0.113.7']);
  });

  it('asks for a nonce without counting it (DPOP-11)', async () => {
    const confirm = () => Promise.reject(new AuthError('dpop_nonce_required', { nonce: 'n-1' }));
    const { guard, counted } = setUp([dpop({ confirm })]);

    expect(await guard.authenticate(request('DPoP jkt'))).toMatchObject({
      ok: false,
      refusal: {
        status: 401,
        headers: { 'DPoP-Nonce': 'n-1' },
        body: { error: 'use_dpop_nonce' },
      },
    });
    expect(counted).toEqual([]);
  });

  it('does not blame the client for a constraint that breaks', async () => {
    const confirm = () => Promise.reject(new TypeError('boom'));

    expect(await setUp([dpop({ confirm })]).codeOf(request('DPoP jkt'))).toBe(
      'upstream_unavailable',
    );
  });

  it('does not blame the client for a host that passes no proofs on, and lets nobody in', async () => {
    const { codeOf } = setUp([dpop()]);

    expect(await codeOf(request('DPoP jkt', { proof: undefined }))).toBe('upstream_unavailable');
  });

  it.each([
    ['the same', jkt, 'ok'],
    ['another key', { ...jkt, thumbprint: 'other' }, 'dpop_proof_invalid'],
    ['another method', { ...x5t, thumbprint: jkt.thumbprint }, 'dpop_proof_invalid'],
  ])(
    'asks for no proof again where %s was proven before, as for an open stream',
    async (_name, confirmation, expected) => {
      const confirm = () => Promise.reject(new AuthError('dpop_proof_invalid'));
      const { guard, events } = setUp([dpop({ confirm })]);
      const { ok } = await guard.recheck(request('DPoP jkt'), { ...user, confirmation });

      expect(ok ? 'ok' : events.at(-1)?.code).toBe(expected);
    },
  );

  it('asks for the proof of a new request, whatever else its host puts into it', async () => {
    const confirm = () => Promise.reject(new AuthError('dpop_proof_invalid'));
    const claim = { confirmation: jkt };
    const others: object = { again: claim, proven: claim, principal: claim };

    expect(await setUp([dpop({ confirm })]).codeOf(request('DPoP jkt', others))).toBe(
      'dpop_proof_invalid',
    );
  });
});

describe('with a required one', () => {
  it.each([
    ['DPoP jkt', 'ok'],
    ['Bearer none', 'token_not_sender_constrained'],
    ['DPoP none', 'token_not_sender_constrained'],
    ['Bearer jkt', 'token_sender_constrained'],
  ])('answers "%s" with %s', async (authorization, expected) => {
    expect(await setUp([dpop({ required: true })]).codeOf(request(authorization))).toBe(expected);
  });

  it('takes no other binding in its place', async () => {
    const { contexts, codeOf } = setUp([dpop({ required: true })]);
    await codeOf(request('Bearer x5t'));

    expect(contexts[0]?.confirmationMethods).toEqual(new Set(['jkt']));
  });
});

describe('the challenge with DPoP', () => {
  const bearer = `Bearer scope="notes:read", resource_metadata="${metadataUrl}"`;
  const algs = 'algs="ES256 EdDSA"';

  it.each([
    ['Basic x', `${bearer}, DPoP ${algs}`],
    [
      'Bearer unknown',
      `Bearer error="invalid_token", error_description="The access token is invalid", scope="notes:read", resource_metadata="${metadataUrl}", DPoP ${algs}`,
    ],
    [
      'DPoP unknown',
      `${bearer}, DPoP error="invalid_token", error_description="The access token is invalid", ${algs}`,
    ],
  ])('has the error with the scheme that was used: %s (RFC 9449 §7.1)', async (given, expected) => {
    expect(await setUp([dpop()]).challengeOf(request(given))).toBe(expected);
  });

  it('has it so for scopes as well', () => {
    const { guard } = setUp([dpop()]);
    const principal = { confirmation: jkt, scopes: new Set() } as unknown as Principal;
    const result = guard.authorize(principal, { name: 'x', scopes: ['notes:write'] });

    expect(result).toMatchObject({
      refusal: {
        headers: {
          'WWW-Authenticate': `Bearer scope="notes:write", resource_metadata="${metadataUrl}", DPoP error="insufficient_scope", error_description="The access token lacks a required scope", ${algs}`,
        },
      },
    });
  });

  it('is as before where only certificates are checked', async () => {
    expect(await setUp([mtls()]).challengeOf(request('Basic x'))).toBe(bearer);
  });
});

it.each([
  ['two for one binding', [dpop(), dpop()]],
  ['two that are required', [dpop({ required: true }), mtls({ required: true })]],
  ['one that is required, and one that could never be used', [dpop(), mtls({ required: true })]],
  ['algorithms that need escaping', [dpop({ algorithms: ['ES256", x="'] })]],
])('stops at %s', (_name, constraints) => {
  expect(() => setUp(constraints)).toThrow(
    expect.objectContaining({ name: 'ConfigError', option: 'guard.senderConstraints' }),
  );
});

it('shows its constraints, and lets nobody change them', () => {
  const given = [dpop()];
  const { guard } = setUp(given);
  given.pop();

  expect(guard.senderConstraints).toHaveLength(1);
  expect(Object.isFrozen(guard.senderConstraints)).toBe(true);
});
