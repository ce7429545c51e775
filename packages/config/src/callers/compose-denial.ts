import type { AuthorizationRule } from '@sallyport/core';
import type { DenialPlace } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { loadPackage } from '../optional-package.ts';
import { denialList } from '../variables/denial-variables.ts';
import type { WithRedis } from './redis-connections.ts';

// No request waits for a list, and a busy process must not take Redis for away: its list would grow old.
const timeoutSeconds = 5;

/** @throws {ConfigError} When a package is not installed. */
export async function composeDenial(
  place: DenialPlace | undefined,
  withRedis: WithRedis,
  onEvent: ConfigListener,
): Promise<AuthorizationRule | undefined> {
  if (place === undefined) return undefined;
  const load = <Module>(module: () => Promise<Module>) =>
    loadPackage('@sallyport/denial', denialList.name, module);
  const { createDenialList } = await load(() => import('@sallyport/denial'));
  if ('path' in place) {
    const { createFileDenialStore } = await load(() => import('@sallyport/denial/file'));
    return createDenialList({ store: createFileDenialStore({ path: place.path }), onEvent });
  }
  const { createRedisDenialStore } = await load(() => import('@sallyport/denial/redis'));
  return withRedis({ url: place.redisUrl, variable: denialList, timeoutSeconds }, (client) =>
    createDenialList({ store: createRedisDenialStore({ client }), onEvent }),
  );
}
