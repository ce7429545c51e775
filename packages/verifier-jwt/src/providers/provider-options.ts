import { type Checks, check } from '@sallyport/core';
import type { AudienceOptions, IssuerOptions, TrustedIssuer } from '../issuer/trusted-issuer.ts';
import type { PublicKeySource } from '../keys/key-source.ts';
import {
  type FetchedKeysOptions,
  fetchedKeysChecks,
  remoteJwks,
} from '../keys/remote/remote-jwks.ts';
/** What all presets have in common: the options, and how a trusted issuer comes out of them. */
import type { AsymmetricAlgorithm } from '../signature/algorithms.ts';
import { assertNames, refuseOption } from './identifiers.ts';

export type OneOrMore<T> = readonly [T, ...T[]];

/** Options of every preset. */
export interface ProviderOptions extends Omit<FetchedKeysOptions, 'allowPrivateNetwork'> {
  /** Keys in place of the published ones: pinned, or those of a test. */
  readonly keys?: PublicKeySource;
  /** Allowed `alg` values, in place of those that the provider is known to use. At least one. */
  readonly algorithms?: OneOrMore<AsymmetricAlgorithm>;
  /** Clock difference to forgive, in seconds: 0 to 120. Default 60. */
  readonly clockToleranceSeconds?: number;
  /** Longest time from `iat` to `exp`, in seconds: 60 to 31,536,000. Default: what the provider issues. */
  readonly maximumLifetimeSeconds?: number;
}

/** Options of every preset for a provider that may stand in one's own network. */
export interface SelfHostedProviderOptions
  extends ProviderOptions,
    Pick<FetchedKeysOptions, 'allowPrivateNetwork'> {}

const { allowPrivateNetwork, ...publicChecks } = fetchedKeysChecks;

/** The run-time check of {@link ProviderOptions}. */
export const providerChecks: Checks<ProviderOptions> = {
  ...publicChecks,
  keys: check.optional(check.shape('a key source', { kind: 'string', open: 'function' })),
  algorithms: check.optional(check.texts),
  clockToleranceSeconds: check.optional(check.number),
  maximumLifetimeSeconds: check.optional(check.number),
};

/** The run-time check of {@link SelfHostedProviderOptions}. */
export const selfHostedChecks: Checks<SelfHostedProviderOptions> = {
  ...providerChecks,
  allowPrivateNetwork,
};

/** The audience rows. A preset that takes `clientIds` in its place makes `audience` optional. */
export const audienceChecks: Checks<RequiredAudience> = {
  audience: check.either('must be a string or an array of strings', check.text, check.texts),
  clientIds: check.optional(check.texts),
};

/** For whom tokens are, where the provider puts it into them. There is no value for "everybody". */
export interface RequiredAudience {
  /** This server as tokens name it. One `aud` value must equal one of these exactly. */
  readonly audience: string | OneOrMore<string>;
  /** Clients whose tokens are accepted. Default every client of the issuer. */
  readonly clientIds?: OneOrMore<string>;
}

/** What a preset says of its provider. */
interface ProviderFacts extends IssuerOptions {
  /** Where the provider publishes its keys. */
  readonly jwksUrl: string;
  readonly algorithms: OneOrMore<AsymmetricAlgorithm>;
}

/** @throws {ConfigError} When an option is wrong. */
export function trustProvider(
  options: ProviderOptions,
  audience: AudienceOptions,
  facts: ProviderFacts,
): TrustedIssuer {
  const { jwksUrl, algorithms, ...rules } = facts;
  const { keys = remoteJwks({ ...fetchingOf(options), url: jwksUrl }) } = options;
  const { clockToleranceSeconds, maximumLifetimeSeconds } = options;
  const { kind }: { readonly kind: string } = keys;
  if (kind === 'hmac') refuseOption('keys', 'must be public: whoever knows a secret can sign');
  return {
    ...rules,
    // Their access tokens all name one, and what else they sign with the same keys mostly does not.
    ...(rules.profile !== 'id-token' && { requireClientId: true }),
    ...(clockToleranceSeconds !== undefined && { clockToleranceSeconds }),
    ...(maximumLifetimeSeconds !== undefined && { maximumLifetimeSeconds }),
    ...readAudience(audience),
    keys,
    algorithms: options.algorithms ?? algorithms,
  };
}

/** The options that say for whom tokens are, and none besides. */
function readAudience({ audience, clientIds }: AudienceOptions): AudienceOptions {
  if (clientIds !== undefined) assertNames('clientIds', clientIds);
  if (audience !== undefined) {
    assertNames('audience', [audience].flat());
    return { audience, ...(clientIds !== undefined && { clientIds }) };
  }
  if (clientIds === undefined) refuseOption('audience', 'must be what tokens for this server have');
  return { clientIds };
}

/** Of a preset's options, those that are about fetching keys. */
function fetchingOf(options: ProviderOptions): FetchedKeysOptions {
  const fetching = Object.entries(options).filter(([name]) =>
    Object.hasOwn(fetchedKeysChecks, name),
  );
  return { environment: options.environment, ...Object.fromEntries(fetching) };
}
