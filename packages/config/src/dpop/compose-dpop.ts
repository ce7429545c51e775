/** Proofs of possession, put together of `@sallyport/dpop`. */
import { createHash } from 'node:crypto';
import type { SenderConstraint } from '@sallyport/core';
import type { WithRedis } from '../callers/redis-connections.ts';
import type { Opened } from '../compose/authenticate.ts';
import type { DpopConfig } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { loadPackage } from '../optional-package.ts';
import { dpopMode, dpopRedisUrl } from '../variables/dpop-variables.ts';

interface Context {
  readonly resource: string;
  readonly withRedis: WithRedis;
  readonly onEvent: ConfigListener;
  readonly opened: Opened;
}

interface ComposedConstraints {
  readonly constraints: readonly SenderConstraint[];
  /** The gate does not close constraints. */
  readonly close: () => Promise<void>;
}

/**
 * @param own Constraints of the server. One for DPoP takes the place of the configured one.
 * @throws {ConfigError} When a part does not fit, or a package is not installed.
 */
export async function composeConstraints(
  dpop: DpopConfig | undefined,
  own: readonly SenderConstraint[],
  { resource, withRedis, onEvent, opened }: Context,
): Promise<ComposedConstraints> {
  if (dpop === undefined || own.some(({ method }) => method === 'jkt')) {
    return { constraints: own, close: async () => {} };
  }
  const { createDpop, createMemoryReplayStore, createRedisReplayStore } = await loadPackage(
    '@sallyport/dpop',
    dpopMode.name,
    () => import('@sallyport/dpop'),
  );
  const { isRequired, proofLifetimeSeconds, nonceSecret, redisUrl } = dpop;
  const shared =
    redisUrl &&
    (await withRedis({ url: redisUrl, variable: dpopRedisUrl }, (client) =>
      createRedisReplayStore({ client, prefix: prefixOf(resource), onEvent }),
    ));
  if (shared !== undefined) opened.push(shared.close);
  const constraint = createDpop({
    proofLifetimeSeconds,
    required: isRequired,
    ...(nonceSecret && { nonce: { secret: nonceSecret } }),
    replay: shared ?? createMemoryReplayStore(),
  });
  return { constraints: [...own, constraint], close: async () => shared?.close() };
}

/** Other servers may remember proofs in the same Redis: each has names of its own. */
function prefixOf(resource: string): string {
  const digest = createHash('sha256').update(resource).digest('hex').slice(0, 16);
  return `sallyport:dpop:${digest}:`;
}
