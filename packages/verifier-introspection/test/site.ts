/** A guard with a real limiter and the verifier, before a server that does what a test wants. */
import { AuthError, type Claims, createGuard, createScopePolicy } from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createAskingVerifier } from '../src/asking-verifier.ts';
import { createVirtualClock } from './virtual-clock.ts';

export type ServerMode = 'answer' | 'answer late' | '429' | '500' | 'hang';

export interface Asked {
  readonly client: string;
  readonly kind: 'good' | 'bad';
  readonly at: number;
  isPending: boolean;
}

export const timeoutMs = 10_000;

export function createSite() {
  const clock = createVirtualClock();
  const site = { modes: { good: 'answer', bad: 'answer' } as Record<'good' | 'bad', ServerMode> };
  const clients = new Map<string, string>();
  const asked: Asked[] = [];
  const events: string[] = [];

  function ask(token: string, signal: AbortSignal): Promise<Claims | undefined> {
    const kind = token.startsWith('good') ? 'good' : 'bad';
    const client = clients.get(token) ?? '';
    const question: Asked = { client, kind, at: clock.monotonicNow(), isPending: true };
    asked.push(question);
    const { promise, resolve, reject } = Promise.withResolvers<Claims | undefined>();
    const fail = (detail: string) => reject(new AuthError('upstream_unavailable', { detail }));
    signal.addEventListener('abort', () => fail('aborted'));
    const claims = { active: true, aud: 'server', sub: 'user', client_id: 'client', scope: 'read' };
    const mode = site.modes[kind];
    const latencies = { answer: 40, 'answer late': 3_500, '429': 20, '500': 20 } as const;
    if (mode !== 'hang') {
      clock.after(latencies[mode], () => {
        if (mode === '429' || mode === '500') fail(mode);
        else resolve(kind === 'good' ? claims : undefined);
      });
    }
    return promise.finally(() => {
      question.isPending = false;
    });
  }

  const { close, ...verifier } = createAskingVerifier({
    ask,
    rules: {
      issuer: 'https://auth.example.com',
      audience: new Set(['server']),
      clockToleranceSeconds: 60,
      scopeClaims: ['scope'],
    },
    clock,
    timeoutMs,
    cacheTtlMs: 0,
    maximumTokens: 10_000,
    report: ({ type }) => events.push(type),
  });
  const guard = createGuard({
    verifier: { name: 'introspection', ...verifier },
    rateLimiter: createMemoryRateLimiter({ monotonicNow: clock.monotonicNow }),
    audit: { emit: () => {} },
    scopePolicy: createScopePolicy({ hierarchy: {} }),
    resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource',
    requiredScopes: [],
    now: () => 1_767_225_600_000 + clock.monotonicNow(),
    monotonicNow: clock.monotonicNow,
  });
  let count = 0;

  /** Sends a token, always another one unless it is given; `leave` ends the request. */
  function send(kind: 'good' | 'bad', client: string, token = `${kind}-token-${count++}`) {
    clients.set(token, client);
    const abort = new AbortController();
    const request = { authorization: [`Bearer ${token}`], tokenInQuery: false, clientKey: client };
    const status = guard
      .authenticate({ ...request, signal: abort.signal })
      .then((result) => (result.ok ? 200 : result.refusal.status));
    return { status, leave: () => abort.abort() };
  }

  return Object.assign(site, { clock, asked, events, send, close });
}
