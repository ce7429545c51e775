/** Proofs of possession, put together of `@sallyport/dpop`. */
import { createHash } from 'node:crypto';
import type { Environment, SenderConstraint } from '@sallyport/core';
import type { Opened } from '../compose/authenticate.ts';
import type { DpopConfig } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { loadPackage } from '../optional-package.ts';
import { dpopMode, dpopRedisUrl } from '../variables/dpop-variables.ts';

interface Context {
  readonly resource: string;
  readonly environment: Environment;
  readonly onEvent: ConfigListener;
  readonly opened: Opened;
}

/**
 * @param own Constraints of the server. One for DPoP takes the place of the configured one.
 * @throws {ConfigError} When a part does not fit, or a package is not installed.
 */
export async function composeConstraints(
  dpop: DpopConfig | undefined,
  own: readonly SenderConstraint[],
  context: Context,
): Promise<readonly SenderConstraint[]> {
  if (dpop === undefined || own.some(({ method }) => method === 'jkt')) return own;
  const { createDpop, createMemoryReplayStore, createRedisReplayStore } = await loadPackage(
    '@sallyport/dpop',
    dpopMode.name,
    () => import('@sallyport/dpop'),
  );
  const { isRequired, proofLifetimeSeconds, nonceSecret, redisUrl } = dpop;
  const client = redisUrl && (await connect(redisUrl.reveal(), context));
  const constraint = createDpop({
    proofLifetimeSeconds,
    required: isRequired,
    ...(nonceSecret && { nonce: { secret: nonceSecret } }),
    replay:
      client === undefined
        ? createMemoryReplayStore()
        : createRedisReplayStore({
            client,
            prefix: prefixOf(context.resource),
            onEvent: context.onEvent,
          }),
  });
  return [...own, constraint];
}

async function connect(url: string, { environment, onEvent, opened }: Context) {
  const { connectRedis } = await loadPackage(
    '@sallyport/rate-limit-redis',
    dpopRedisUrl.name,
    () => import('@sallyport/rate-limit-redis'),
  );
  const client = await connectRedis({ url, environment, onEvent });
  opened.push(async () => client.disconnect());
  return client;
}

/** Other servers may remember proofs in the same Redis: each has names of its own. */
function prefixOf(resource: string): string {
  const digest = createHash('sha256').update(resource).digest('hex').slice(0, 16);
  return `sallyport:dpop:${digest}:`;
}
