/** Clients that close their connection while the guard works for them. */
import { describe, expect, it } from 'vitest';
import {
  type AuditEvent,
  AuthError,
  type Confirmation,
  createGuard,
  createScopePolicy,
  type GuardOptions,
  type Principal,
} from '../../src/index.ts';

const confirmation: Confirmation = { method: 'jkt', thumbprint: 'key-thumbprint' };
const principal: Principal = Object.freeze({
  issuer: 'https://auth.example.com',
  subject: 'user-1',
  clientId: 'client-1',
  audience: ['https://mcp.example.com/mcp'],
  scopes: new Set(['notes:read']),
  expiresAt: 2_000_000_000,
  claims: {},
});
const calm = async () => ({ allowed: true, retryAfterSeconds: 0 });

/** A guard whose client leaves as soon as `overrides` call `leave`. */
function setUp(makeOverrides: (leave: () => void) => Partial<GuardOptions>) {
  const events: AuditEvent[] = [];
  const client = new AbortController();
  const guard = createGuard({
    verifier: { name: 'fake', verify: async () => principal },
    rateLimiter: { peek: calm, countFailure: calm },
    audit: { emit: (event) => events.push(event) },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
    requiredScopes: [],
    now: () => 1_767_225_600_999,
    ...makeOverrides(() => client.abort()),
  });
  const authenticate = () =>
    guard.authenticate({
      authorization: [confirmed ? 'DPoP token' : 'Bearer token'],
      tokenInQuery: false,
      clientKey: '203.0.113.7',
      signal: client.signal,
      proof: { method: 'POST', url: 'https://mcp.example.com/mcp', field: () => [] },
    });
  let confirmed = false;
  return {
    events,
    authenticate,
    bound() {
      confirmed = true;
    },
  };
}

const outage = () => {
  throw new AuthError('upstream_unavailable', { detail: 'the client has gone' });
};
const accident = () => {
  throw new DOMException('This operation was aborted', 'AbortError');
};

describe.each([
  ['an outage', outage],
  ['an AbortError', accident],
])('CASE-71: a client that leaves, where the work then ends with %s,', (_name, fail) => {
  it.each([
    [
      'while the limiter is asked',
      (leave: () => void): Partial<GuardOptions> => ({
        rateLimiter: {
          peek: async () => {
            leave();
            return calm();
          },
          countFailure: calm,
        },
        verifier: { name: 'fake', verify: async () => fail() },
      }),
    ],
    [
      'while the token is verified',
      (leave: () => void): Partial<GuardOptions> => ({
        verifier: {
          name: 'fake',
          verify: async () => {
            leave();
            return fail();
          },
        },
      }),
    ],
    [
      'while its failure is counted',
      (leave: () => void): Partial<GuardOptions> => ({
        rateLimiter: {
          peek: async () => ({ allowed: false, retryAfterSeconds: 5 }),
          countFailure: calm,
        },
        verifier: {
          name: 'fake',
          verify: async () => {
            leave();
            return fail();
          },
        },
      }),
    ],
  ])('%s, is abandoned: no outage and no 503', async (_when, makeOverrides) => {
    const { authenticate, events } = setUp(makeOverrides);
    const result = await authenticate();

    expect(events).toEqual([
      {
        at: 1_767_225_600_999,
        event: 'abandoned',
        verifier: 'fake',
        clientKey: '203.0.113.7',
        durationMs: expect.any(Number),
      },
    ]);
    expect(result).toMatchObject({ ok: false, refusal: { status: 499 } });
  });

  it('while its proof is checked, is abandoned, under its own name', async () => {
    const { authenticate, events, bound } = setUp((leave) => ({
      verifier: { name: 'fake', verify: async () => ({ ...principal, confirmation }) },
      senderConstraints: [
        {
          method: 'jkt',
          scheme: 'DPoP',
          required: false,
          algorithms: ['ES256'],
          confirm: async () => {
            leave();
            return fail();
          },
        },
      ],
    }));
    bound();
    await authenticate();

    expect(events).toMatchObject([{ event: 'abandoned', subject: 'user-1' }]);
  });
});

it('CASE-71: a verdict stands, although its client left', async () => {
  const { authenticate, events } = setUp((leave) => ({
    verifier: {
      name: 'fake',
      verify: async () => {
        leave();
        throw new AuthError('token_inactive');
      },
    },
  }));
  const result = await authenticate();

  expect(events).toMatchObject([{ event: 'refused', code: 'token_inactive' }]);
  expect(result).toMatchObject({ ok: false, refusal: { status: 401 } });
});

it('CASE-71: an outage stays an outage for a client that waits', async () => {
  const { authenticate, events } = setUp(() => ({
    verifier: { name: 'fake', verify: async () => outage() },
  }));
  const result = await authenticate();

  expect(events).toMatchObject([{ event: 'refused', code: 'upstream_unavailable' }]);
  expect(result).toMatchObject({ ok: false, refusal: { status: 503 } });
});

it('CASE-71: an abandoned request still needs its record', async () => {
  const { authenticate } = setUp((leave) => ({
    verifier: {
      name: 'fake',
      verify: async () => {
        leave();
        return outage();
      },
    },
    audit: {
      emit: () => {
        throw new Error('disk full');
      },
    },
  }));

  expect(await authenticate()).toMatchObject({ ok: false, refusal: { status: 503 } });
});
