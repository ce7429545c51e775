/** Options that the presets have in common. */

import type { AsymmetricAlgorithm } from '@sallyport/core';
import { type Checks, check } from '@sallyport/core';
import type { PublicKeySource } from '../keys/key-source.ts';
import { type FetchedKeysOptions, fetchedKeysChecks } from '../keys/remote/fetched-keys-options.ts';

export type OneOrMore<T> = readonly [T, ...T[]];

/** Options of every preset. */
export interface ProviderOptions extends Omit<FetchedKeysOptions, 'allowPrivateNetwork'> {
  /** Keys in place of the published ones: pinned keys, or those of a test. */
  readonly keys?: PublicKeySource;
  /** Allowed `alg` values, in place of those that the provider is known to use. At least one. */
  readonly algorithms?: OneOrMore<AsymmetricAlgorithm>;
  /** Clock difference to tolerate, in seconds: 0 to 120. Default 60. */
  readonly clockToleranceSeconds?: number;
  /** Longest time from `iat` to `exp`, in seconds: 60 to 31,536,000. Default: what the provider issues. */
  readonly maximumLifetimeSeconds?: number;
}

/** Options of every preset for a provider that can run in your own network. */
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

/** The audience rows. A preset that accepts `clientIds` instead makes `audience` optional. */
export const audienceChecks: Checks<RequiredAudience> = {
  audience: check.either('must be a string or an array of strings', check.text, check.texts),
  clientIds: check.optional(check.texts),
};

/** The recipients of tokens, for providers that name them in `aud`. No value means "everybody". */
export interface RequiredAudience {
  /** The names of this server in tokens. One `aud` value must equal one of these exactly. */
  readonly audience: string | OneOrMore<string>;
  /** Clients whose tokens are accepted. Default: every client of the issuer. */
  readonly clientIds?: OneOrMore<string>;
}
