import { lookupOutcome, waitForever } from '@sallyport/contract-tests';
import type { SecretContext } from '@sallyport/core';
import { findFreePort } from '@sallyport/test-parts/free-port';
import {
  type SecretManager,
  type SecretManagerOptions,
  startSecretManager,
} from '@sallyport/testing/secret-manager';
import { onTestFinished } from 'vitest';
import { createGcpSecrets, type GcpSecretsOptions, type SecretEvent } from '../src/index.ts';

// Loaded here, so that no time limit of a test pays for it.
await import('@google-cloud/secret-manager');

/** What no event, error or log may show. */
export const canary = 'kX3vQ9mZrT7bW2pLdF5hJ8nC';
export const waiting: SecretContext = { signal: new AbortController().signal };

/** A server that lives as long as the test. */
export async function start(options: SecretManagerOptions = {}): Promise<SecretManager> {
  // Not any port that the system hands out: a server that is away must find its own free again.
  const server = await startSecretManager({ port: await findFreePort(), ...options });
  onTestFinished(() => server.stop());
  return server;
}

/**
 * A server with one secret, and a provider whose clock only moves when it is told to, and that is
 * patient: what is under way has ended when a reading has.
 */
export async function setUp(
  changes: Partial<GcpSecretsOptions> = {},
  secrets: SecretManagerOptions['secrets'] = { key: canary },
) {
  const server = await start({ secrets });
  const events: SecretEvent[] = [];
  const clock = { now: 0 };
  const provider = createGcpSecrets({
    projectId: server.projectId,
    clientOptions: server.clientOptions,
    onEvent: (event) => events.push(event),
    monotonicNow: () => clock.now,
    timeoutSeconds: 25,
    wait: waitForever,
    ...changes,
  });
  onTestFinished(() => provider.close());
  return {
    server,
    provider,
    events,
    clock,
    read: (name = 'key') => lookupOutcome(provider.get(name, waiting)),
    reread: (name = 'key') => lookupOutcome(provider.reread(name, waiting)),
    /** Events of these types, in order. */
    seen: (...types: readonly SecretEvent['type'][]) =>
      events.filter(({ type }) => types.includes(type)),
  };
}

/** Long enough for what was set off in the background to be over. */
export async function until(isOver: () => boolean): Promise<void> {
  while (!isOver()) await new Promise((resolve) => setTimeout(resolve, 2));
}
