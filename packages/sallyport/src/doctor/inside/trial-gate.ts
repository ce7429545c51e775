/** The configured gate, put together for a few questions and taken apart again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, type ConfigEvent, createGateFromConfig } from '@sallyport/config';
import type { AuditEvent } from '@sallyport/core';

/** What can be asked of it. */
export interface TrialGate {
  /** The issuer that clients are sent to. */
  issuer(): Promise<string | undefined>;
  /** Whether the authorization server answers questions about tokens; `undefined`: it does. */
  askAboutUnknownToken(): Promise<
    { readonly detail: string; readonly isRefused: boolean } | undefined
  >;
  /** Why Redis cannot be used; `undefined` where it can. */
  findRedisFault(): Promise<string | undefined>;
}

const nobody = '192.0.2.1';
const pauseMs = 250;
const attempts = 6;

/** Composes the gate, lets it be used, and closes it. */
export async function withTrialGate<Value>(
  config: Config,
  signal: AbortSignal,
  use: (gate: TrialGate) => Promise<Value>,
): Promise<Value> {
  const decisions: AuditEvent[] = [];
  const events: ConfigEvent[] = [];
  const { gate, guard, close } = await createGateFromConfig(config, {
    tools: config.toolScopes ?? {},
    audit: { emit: (event) => void decisions.push(event) },
    onEvent: (event) => void events.push(event),
  });
  const ask = (authorization: readonly string[]) =>
    guard.authenticate({ authorization, tokenInQuery: false, clientKey: nobody, signal });
  try {
    return await use({
      async issuer() {
        const { host } = new URL(config.resource);
        const decision = await gate.handle({
          method: 'GET',
          target: gate.metadataPath,
          host,
          field: () => [],
          clientAddress: nobody,
          signal,
          readJson: async () => ({ ok: false, fault: 'body_not_json' }),
        });
        return decision.pass ? undefined : firstIssuer(decision.answer.body);
      },

      async askAboutUnknownToken() {
        // Nobody has issued it: the answer must be that it is not active.
        const result = await ask([`Bearer ${crypto.randomUUID()}`]);
        const { code, detail = '' } = decisions.at(-1) ?? {};
        if (result.ok || code === 'token_inactive') return undefined;
        return { detail, isRefused: events.some(({ type }) => type === 'credentials_refused') };
      },

      async findRedisFault() {
        for (let attempt = 0; attempt < attempts; attempt += 1) {
          await ask([]);
          const last = events.findLast(({ type }) => type.startsWith('redis_'));
          if (attempt > 1 && (last === undefined || last.type === 'redis_available'))
            return undefined;
          await sleep(pauseMs, undefined, { signal });
        }
        const fault = events.findLast(({ type }) => type === 'redis_unavailable');
        return fault === undefined ? undefined : String(fault['reason']);
      },
    });
  } finally {
    await close();
  }
}

function firstIssuer(body: string | undefined): string | undefined {
  const metadata: unknown = JSON.parse(body ?? '{}');
  const [issuer] =
    (Object(metadata) as { authorization_servers?: unknown[] }).authorization_servers ?? [];
  return typeof issuer === 'string' ? issuer : undefined;
}
