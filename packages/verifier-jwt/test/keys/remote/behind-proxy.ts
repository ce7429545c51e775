/** An authorization server behind a fault proxy, and a verifier whose clock is the test's own. */
import { type AuthErrorCode, detectEnvironment } from '@sallyport/core';
import { startAuthorizationServer, startFaultProxy } from '@sallyport/testing';
import { createJwtVerifier, type KeyEvent, remoteJwks } from '../../../src/index.ts';
import { audience, judge } from '../../fixture.ts';

const environment = detectEnvironment({ ENVIRONMENT: 'test' });

export type Outcome = AuthErrorCode | 'verified';

/** How often each outcome came. */
export function tally(outcomes: readonly Outcome[]): Partial<Record<Outcome, number>> {
  return Object.fromEntries(
    [...Map.groupBy(outcomes, (outcome) => outcome)].map(([outcome, all]) => [outcome, all.length]),
  );
}

export interface BehindProxyOptions {
  readonly cacheTtlSeconds: number;
  readonly maximumStaleSeconds: number;
  /** In real time, whatever the clock says. */
  readonly timeoutMs: number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

/** Whoever starts it stops it. */
export async function startBehindProxy({ now, timeoutMs, ...times }: BehindProxyOptions) {
  const server = await startAuthorizationServer({
    algorithm: 'ES256',
    resources: [{ resource: audience, scopes: ['read'], accessTokenTtlSeconds: 7_200 }],
  });
  const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: server.port } });
  /** Every fetch that has ended, and when. */
  const fetches: { readonly at: number; readonly type: KeyEvent['type'] }[] = [];
  const verifier = createJwtVerifier({
    issuer: server.issuer,
    audience,
    algorithms: ['ES256'],
    keys: remoteJwks({
      url: `http://127.0.0.1:${proxy.port}/jwks`,
      environment,
      monotonicNow: now,
      timeoutSeconds: timeoutMs / 1_000,
      onKeyEvent: ({ type }) => fetches.push({ at: now(), type }),
      ...times,
    }),
  });
  const startedAtSeconds = Date.now() / 1_000 - now() / 1_000;
  const unknown = splitAtHeader(await server.mintToken());

  return {
    server,
    proxy,
    fetches,

    async ask(token: string): Promise<Outcome> {
      const { code } = await judge(token, verifier, Math.floor(startedAtSeconds + now() / 1_000));
      return code;
    },

    /** A token whose key nobody has ever seen. Its signature is another's: nobody gets so far. */
    withKeyId(kid: string): string {
      const header = Buffer.from(JSON.stringify({ ...unknown.header, kid })).toString('base64url');
      return header + unknown.rest;
    },

    /** Ends every fault. */
    async revive(): Promise<void> {
      server.clearFaults();
      await proxy.clear();
    },

    async stop(): Promise<void> {
      await verifier.close?.();
      await proxy.stop();
      await server.stop();
    },
  };
}

export type BehindProxy = Awaited<ReturnType<typeof startBehindProxy>>;

function splitAtHeader(token: string): { header: object; rest: string } {
  const end = token.indexOf('.');
  const header = Buffer.from(token.slice(0, end), 'base64url').toString();
  return { header: JSON.parse(header) as object, rest: token.slice(end) };
}
