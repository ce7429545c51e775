import { type AuditEvent, createGuard, createScopePolicy, type Principal } from '@sallyport/core';
import { expect, it } from 'vitest';
import { combineSinks } from '../src/index.ts';
import { accepted } from './lines.ts';

const failing = (message: string) => ({
  emit: () => {
    throw new Error(message);
  },
  log: () => {
    throw new Error(message);
  },
  close: () => {
    throw new Error(message);
  },
});

it('gives every event to every sink', () => {
  const events: AuditEvent[] = [];
  const emit = (event: AuditEvent) => events.push(event);
  combineSinks({ required: [{ emit }, { emit }], optional: [{ emit }] }).emit(accepted);

  expect(events).toEqual([accepted, accepted, accepted]);
});

it('stops nobody because an optional sink fails, and says so', () => {
  const events: AuditEvent[] = [];
  const failures: unknown[] = [];
  const sink = combineSinks({
    required: [{ emit: (event) => events.push(event) }],
    optional: [failing('metrics')],
    onFailure: (error) => {
      failures.push(error);
      throw error;
    },
  });
  sink.emit(accepted);

  expect(events).toEqual([accepted]);
  expect(failures).toMatchObject([{ message: 'metrics' }]);
});

it('throws when a required sink fails, after all the others were told', () => {
  const events: AuditEvent[] = [];
  const sink = combineSinks({
    required: [failing('first'), { emit: (event) => events.push(event) }, failing('last')],
  });

  expect(() => sink.emit(accepted)).toThrow('first');
  expect(events).toEqual([accepted]);
});

it('lets no failure out of log and close', () => {
  const failures: unknown[] = [];
  const told: string[] = [];
  const good = {
    emit: () => undefined,
    log: ({ type }: { type: string }) => told.push(type),
    close: () => told.push('closed'),
  };
  const onFailure = (error: unknown) => failures.push(error);
  const sink = combineSinks({
    required: [failing('a'), good],
    optional: [failing('b')],
    onFailure,
  });
  sink.log({ type: 'keys_loaded' });
  sink.close();

  expect(told).toEqual(['keys_loaded', 'closed']);
  expect(failures).toHaveLength(4);
});

it.each([
  ['required', 503],
  ['optional', 200],
] as const)('answers a good token, when a sink that is %s fails, with %i', async (kind, status) => {
  const good = { emit: () => undefined };
  const principal: Principal = {
    issuer: 'https://auth.example.com',
    subject: 'user-1',
    clientId: 'client-1',
    audience: [],
    scopes: new Set(),
    expiresAt: 4_000_000_000,
    claims: {},
  };
  const allowed = async () => ({ allowed: true, retryAfterSeconds: 0 });
  const guard = createGuard({
    verifier: { name: 'jwt', verify: async () => principal },
    rateLimiter: { peek: allowed, countFailure: allowed },
    audit: combineSinks(
      kind === 'required'
        ? { required: [good, failing('disk full')] }
        : { required: [good], optional: [failing('no metrics')] },
    ),
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource',
    requiredScopes: [],
  });
  const result = await guard.authenticate({
    authorization: ['Bearer good'],
    tokenInQuery: false,
    clientKey: '192.0.2.1',
    signal: new AbortController().signal,
  });

  expect(result.ok ? 200 : result.refusal.status).toBe(status);
});
