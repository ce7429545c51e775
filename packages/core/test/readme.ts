import {
  AuthError,
  createGuard,
  createScopePolicy,
  type RateLimiter,
  type TokenVerifier,
} from '@sallyport/core';

// Yours, or @sallyport/verifier-jwt.
const verifier: TokenVerifier = {
  name: 'passphrase',
  async verify(token, { nowSeconds }) {
    if (token !== 'open-sesame') throw new AuthError('token_inactive');
    return Object.freeze({
      issuer: 'https://auth.example.com',
      subject: 'ali',
      clientId: 'cave',
      audience: ['https://mcp.example.com/mcp'],
      scopes: new Set(['treasure:read']),
      expiresAt: nowSeconds + 60,
      claims: {},
    });
  },
};

// Yours, or @sallyport/rate-limit.
const within = { allowed: true, retryAfterSeconds: 0 };
const rateLimiter: RateLimiter = { peek: async () => within, countFailure: async () => within };

const guard = createGuard({
  verifier,
  rateLimiter,
  audit: { emit: (event) => process.stdout.write(`${JSON.stringify(event)}\n`) },
  scopePolicy: createScopePolicy({ hierarchy: { 'treasure:write': ['treasure:read'] } }),
  resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
  requiredScopes: [],
});

// Checkpoint 1, before the body is read: who are you?
export const signedIn = await guard.authenticate({
  authorization: ['Bearer open-sesame'],
  tokenInQuery: false,
  clientKey: '203.0.113.7',
  signal: AbortSignal.timeout(10_000),
});

// Checkpoint 2, when the operation is known: may you do this?
export const allowed =
  signedIn.ok &&
  (await guard.authorize(signedIn.principal, { name: 'take', scopes: ['treasure:write'] }));
