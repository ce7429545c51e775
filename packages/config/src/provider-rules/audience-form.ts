/** What the `aud` of a provider's tokens asks of the configuration. */
import type { Provider } from '@sallyport/verifier-jwt/providers';

/** Whether the configuration must list clients, because `aud` does not name this server. */
export function needsClients({ audience }: Provider): boolean {
  return audience === 'client' || audience === 'fixed' || audience === 'optional';
}

/** Whether the configured audience is compared with `aud`. */
export function comparesAudience({ audience }: Provider): boolean {
  return audience === 'server' || audience === 'optional';
}
