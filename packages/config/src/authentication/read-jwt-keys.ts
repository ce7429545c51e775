import { type Environment, Secret } from '@sallyport/core';
import type { Provider } from '@sallyport/verifier-jwt/providers';
import type { JwtAuthentication } from '../config.ts';
import { findKeyAddressMistake, siteOf } from '../provider-rules/key-address.ts';
import { refusePlaceholder } from '../values/placeholders.ts';
import type { Settings } from '../values/settings.ts';
import { jwksUri, jwtAlgorithm, jwtProvider, publicKey } from '../variables/jwt-variables.ts';
import { readPreviousKey } from './read-previous-key.ts';

/** What the variables say about who signs the tokens. */
export interface Signer {
  /** The preset that the variable names. */
  readonly named: Provider | undefined;
  /** The same, or the one recognised by the issuer. */
  readonly provider: Provider | undefined;
  readonly issuer: string | undefined;
  readonly isHmac: boolean;
  /** One of several: without an address, its metadata names the keys. */
  readonly isEntry: boolean;
}

/** What the variables are read against. */
export interface Surroundings {
  readonly environment: Environment;
  /** Every provider that the variables can name. */
  readonly providers: readonly Provider[];
}

/** Where the keys of the issuer are, or the key itself. */
export function readKeys(
  settings: Settings,
  { named, provider, issuer, isHmac, isEntry }: Signer,
  { environment, providers }: Surroundings,
): JwtAuthentication['keys'] {
  const url = settings.read(jwksUri);
  const key = settings.read(publicKey);
  const previous = isEntry ? undefined : readPreviousKey(settings, { isHmac, key }, Date.now());
  refusePlaceholder(settings, jwksUri, url, environment);
  refusePlaceholder(settings, publicKey, key);
  if (url !== undefined && key !== undefined) {
    settings.refuse(publicKey, `must not be set beside ${jwksUri.name}: one of the two`);
  }
  if (isHmac && (url !== undefined || named !== undefined)) {
    settings.refuse(
      jwtAlgorithm,
      `HMAC algorithms cannot be used with JWKS endpoints. Set ${publicKey.name} to the shared secret in place of ${jwksUri.name}, or use an asymmetric algorithm such as RS256`,
    );
  }
  if (url !== undefined) {
    const mistake = findKeyAddressMistake(url, issuer, providers);
    if (mistake !== undefined) settings.refuse(jwksUri, mistake);
    checkKeyHost(settings, url, { provider, issuer }, { environment, providers });
    return { kind: 'jwks', url };
  }
  if (key !== undefined) {
    const kind = isHmac ? 'hmac' : 'public key';
    return { kind, key: new Secret(key), ...(previous && { previous }) };
  }
  if (isEntry) return { kind: provider === undefined ? 'discovered' : 'published' };
  // A key or an address that cannot be used is the problem. The other one is not missing.
  const isThere = [jwksUri, publicKey].some(
    (variable) => settings.isSet(variable) || settings.isAnswered(variable),
  );
  if (settings.isSet(jwtProvider) || isThere) return { kind: 'published' };
  const variable = isHmac ? publicKey : jwksUri;
  const cure = isHmac
    ? 'Set it to the shared secret: openssl rand -base64 48'
    : `Set it to the address of the issuer's keys, or ${publicKey.name} to a public key as PEM`;
  settings.require({ ...variable, cure });
  return { kind: 'published' };
}

/**
 * A slip in a host name would let somebody else say which keys are good. Where the provider is known,
 * so is the host of its keys.
 */
function checkKeyHost(
  settings: Settings,
  url: string,
  { provider, issuer }: Pick<Signer, 'provider' | 'issuer'>,
  { environment, providers }: Surroundings,
): void {
  if (!environment.isProduction) return;
  const host = new URL(url).hostname;
  const expected = provider?.keyHost;
  if (expected !== undefined && host !== expected) {
    settings.refuse(jwksUri, `must be on ${expected}, where this issuer has its keys`);
  } else if (expected === undefined && siteOf(issuer ?? '', providers) !== siteOf(url, providers)) {
    settings.warn(jwksUri, 'is on another site than the issuer. Whoever has it can sign tokens');
  }
}
