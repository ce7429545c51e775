/** From the issuers of the settings to what a verifier trusts. */
import { ConfigError, type Environment, type EventListener } from '@sallyport/core';
import {
  type AsymmetricAlgorithm,
  discoverJwks,
  type TrustedIssuer,
} from '@sallyport/verifier-jwt';
import { checkKnownIssuer } from './known-issuers.ts';
import type { IssuerSetting, IssuerSettings } from './settings.ts';

type OneOrMore<Value> = readonly [Value, ...Value[]];

// One for each common kind of key. A key without an `alg` of its own is bound to the first that fits it
// (RFC 8725 §3.1). `EdDSA` is the former name of `Ed25519` (RFC 9864 §2.2).
const defaultAlgorithms: OneOrMore<AsymmetricAlgorithm> = [
  'RS256',
  'PS256',
  'ES256',
  'Ed25519',
  'EdDSA',
];

/** What an issuer that is given as an address is trusted with. */
export interface AddressContext {
  readonly resource: string;
  readonly environment: Environment;
  readonly onEvent: EventListener;
}

/**
 * Lists the issuers to trust. For an address, the issuer's metadata says where its keys are.
 *
 * @throws {ConfigError} When an address must not be asked, its tokens would all be refused, or `audience` has no issuer to stand for.
 */
export function readIssuers(
  { issuer, audience }: IssuerSettings,
  { resource, environment, onEvent }: AddressContext,
): OneOrMore<TrustedIssuer> {
  const [first, ...others] = (Array.isArray(issuer) ? issuer : [issuer]) as [IssuerSetting];
  if (audience !== undefined && ![first, ...others].some((each) => typeof each === 'string')) {
    throw new ConfigError(
      'protect.audience',
      'is for issuers that are given as an address. Give the audience to the provider',
    );
  }
  const trust = (setting: IssuerSetting): TrustedIssuer => {
    if (typeof setting !== 'string') return setting;
    checkKnownIssuer(setting, audience !== undefined, onEvent);
    return {
      issuer: setting,
      audience: audience ?? resource,
      keys: discoverJwks({ issuer: setting, environment, onKeyEvent: onEvent }),
      algorithms: defaultAlgorithms,
      // Most providers' access tokens are JWTs, but not of RFC 9068's type. ID tokens are refused all the same.
      profile: 'legacy',
    };
  };
  return [trust(first), ...others.map(trust)];
}

/** The exact issuer strings, as clients find them in the metadata. */
export function namesOfIssuers(trusted: OneOrMore<TrustedIssuer>): OneOrMore<string> {
  const names = trusted.flatMap(({ issuer, tenants }) =>
    tenants === undefined
      ? [issuer]
      : tenants.map((tenant) => issuer.replace('{tenantid}', tenant)),
  );
  return names as unknown as OneOrMore<string>;
}
