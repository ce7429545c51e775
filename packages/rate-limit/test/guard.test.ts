/** The limiter where it stands in a server: behind the guard. */
import { AuthError, createGuard, createScopePolicy, type Principal } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createMemoryRateLimiter, type MemoryRateLimiterOptions } from '../src/index.ts';

const principal: Principal = {
  issuer: 'https://auth.example.com',
  subject: 'user-1',
  clientId: 'client-1',
  audience: ['https://mcp.example.com/mcp'],
  scopes: new Set(),
  expiresAt: 2_000_000_000,
  claims: {},
};

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** `jwt` and `known` are good tokens; `unknown` is one that only the network could tell about. */
function setUp(options: MemoryRateLimiterOptions = {}) {
  let asked = 0;
  const clock = { milliseconds: 0 };
  const rateLimiter = createMemoryRateLimiter({
    ...options,
    monotonicNow: () => clock.milliseconds,
  });
  const guard = createGuard({
    verifier: {
      name: 'hybrid',
      async verify(token, { allowRemote }) {
        if (token === 'jwt' || token === 'known') return principal;
        if (token === 'expired') throw new AuthError('token_expired');
        if (token !== 'unknown') throw new AuthError('token_signature_invalid');
        if (!allowRemote) throw new AuthError('rate_limited');
        asked += 1;
        return principal;
      },
    },
    rateLimiter,
    audit: { emit: () => {} },
    scopePolicy: createScopePolicy({ hierarchy: {} }),
    resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource',
    requiredScopes: [],
  });
  async function send(token: string | undefined, clientKey = '192.0.2.1'): Promise<Answer> {
    const authorization = token === undefined ? [] : [`Bearer ${token}`];
    const { signal } = new AbortController();
    const result = await guard.authenticate({
      ...{ authorization, tokenInQuery: false, clientKey, signal },
    });
    return result.ok ? { status: 200, headers: {} } : result.refusal;
  }
  return { send, clock, asked: () => asked };
}

describe('behind the guard', () => {
  it('tells a client that fails what is left, and when to come back (RL-09)', async () => {
    const { send, clock } = setUp();
    const fields: (string | undefined)[] = [];
    for (let failure = 0; failure < 12; failure += 1) {
      const { status, headers } = await send('bad');
      fields.push(`${status} ${headers['RateLimit']} ${headers['Retry-After']}`);
      clock.milliseconds += 500;
    }

    expect(fields.slice(0, 2)).toEqual([
      '401 "failures";r=9 undefined',
      '401 "failures";r=8 undefined',
    ]);
    expect(fields.slice(9)).toEqual([
      '401 "failures";r=0 undefined',
      '429 "failures";r=0;t=55 55',
      '429 "failures";r=0;t=55 55',
    ]);
    // As Retry-After said at 5.5 s.
    clock.milliseconds = 60_500;
    expect(await send('bad')).toMatchObject({ status: 401 });
  });

  it('refuses no good token because of its neighbours, and asks nobody for them (RL-06)', async () => {
    const { send, asked } = setUp();
    for (let failure = 0; failure < 20; failure += 1) await send('bad');
    const statuses = await Promise.all(['jwt', 'known', 'unknown'].map((token) => send(token)));

    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(asked()).toBe(0);
  });

  it('keeps floods from the network, and good tokens from harm (RL-05)', async () => {
    const { send, clock, asked } = setUp({ maximumFailuresPerSecond: 100 });
    for (let client = 0; client < 200; client += 1) await send('bad', `203.0.113.${client}`);
    const answers = await Promise.all(['jwt', 'known', 'bad'].map((token) => send(token)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401]);
    const { status, headers } = await send('unknown');
    expect({ status, retryAfter: headers['Retry-After'], limit: headers['RateLimit'] }).toEqual({
      ...{ status: 429, retryAfter: '1', limit: undefined },
    });
    expect(asked()).toBe(0);

    clock.milliseconds += 1_010;
    expect(await send('unknown')).toMatchObject({ status: 200 });
  });

  it.each([undefined, 'expired'])(
    'counts no request with %s, however many there are (RL-12, RL-16)',
    async (token) => {
      const { send } = setUp();
      for (let request = 0; request < 10_000; request += 1) {
        const { status, headers } = await send(token);
        if (status !== 401 || 'RateLimit' in headers) throw new Error(`${status}`);
      }

      expect((await send('bad')).headers).toMatchObject({ RateLimit: '"failures";r=9' });
    },
  );

  it('lets no good token make up for bad ones (RL-08)', async () => {
    const { send } = setUp();
    const statuses: number[] = [];
    for (let failure = 0; failure < 11; failure += 1) {
      statuses.push((await send('bad')).status);
      await send('jwt');
    }

    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });
});
