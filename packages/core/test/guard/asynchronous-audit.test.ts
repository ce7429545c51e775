import { expect, it } from 'vitest';
import {
  createGuard,
  createScopePolicy,
  type OperationalEvent,
  type Principal,
} from '../../src/index.ts';

const principal: Principal = {
  issuer: 'https://auth.example.com',
  subject: 'user-1',
  clientId: 'client-1',
  audience: ['https://mcp.example.com/mcp'],
  scopes: new Set(),
  expiresAt: 4_000_000_000,
  claims: {},
};

it('reports an asynchronous audit sink that rejects, and ends no process', async () => {
  const calm = async () => ({ allowed: true, retryAfterSeconds: 0 });
  const events: OperationalEvent[] = [];
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  const guard = createGuard({
    verifier: { name: 'fake', verify: async () => principal },
    rateLimiter: { peek: calm, countFailure: calm },
    audit: {
      emit: async () => {
        throw new RangeError('the disk is full');
      },
    },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
    requiredScopes: [],
    onEvent: (event) => events.push(event),
  });
  const result = await guard.authenticate({
    authorization: ['Bearer token'],
    tokenInQuery: false,
    clientKey: '192.0.2.1',
    signal: new AbortController().signal,
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', note);

  expect(result.ok).toBe(true);
  expect(unhandled).toEqual([]);
  expect(events).toMatchObject([{ type: 'unexpected_failure', source: 'audit' }]);
});
