import type { Provider } from '@sallyport/verifier-jwt/providers';

/** The provider of an issuer that needs no preset: it says which rules its tokens follow. */
export function recogniseProvider(
  issuer: string | undefined,
  providers: readonly Provider[],
): Provider | undefined {
  if (issuer === undefined) return undefined;
  return providers.find(({ recognise }) => recognise?.(issuer) !== undefined);
}

/** The provider whose access tokens mostly do not name this server, so that its preset is needed. */
export function findPresetForClients(
  issuer: string,
  providers: readonly Provider[],
): Provider | undefined {
  return providers.find(
    ({ audience, issuers }) =>
      (audience === 'fixed' || audience === 'optional') && issuers?.test(issuer),
  );
}
