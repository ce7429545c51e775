import { check, checkArgument, checkOptions } from '@sallyport/core';
import type { AudienceOptions, TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { type FetchedKeysOptions, fetchedKeysChecks } from '../keys/remote/fetched-keys-options.ts';
import { remoteJwks } from '../keys/remote/remote-jwks.ts';
import { assertNames, refuseOption } from './identifiers.ts';
import type { ProviderRules } from './provider.ts';
import type { ProviderOptions } from './provider-options.ts';

// A function, so that bundles leave it out where nothing calls the factory.
const providerCheck = () =>
  check.shape('a provider', { options: 'function', describe: 'function' });

/**
 * Makes an issuer to trust out of a row of the table of providers and the options for one tenant.
 *
 * @example
 * ```ts
 * const verifier = createJwtVerifier(trustProvider(acme, { environment, audience, domain }));
 * ```
 * @throws {ConfigError} When an option is missing, unknown or wrong.
 */
export function trustProvider<Options extends ProviderOptions>(
  provider: ProviderRules<Options>,
  given: Options,
): TrustedIssuer {
  const row = checkArgument('jwt.provider', provider, providerCheck());
  const options = checkOptions('jwt.provider', given, row.options());
  const { jwksUrl, algorithms, recipients, ...rules } = row.describe(options);
  const { keys = remoteJwks({ ...fetchingOf(options), url: jwksUrl }) } = options;
  const { clockToleranceSeconds, maximumLifetimeSeconds } = options;
  const { kind }: { readonly kind: string } = keys;
  if (kind === 'hmac') refuseOption('keys', 'must be public: a shared secret can sign tokens');
  return {
    ...rules,
    // Access tokens of all providers name their client. ID tokens and sessions mostly do not.
    ...(rules.profile !== 'id-token' && { requireClientId: true }),
    ...(clockToleranceSeconds !== undefined && { clockToleranceSeconds }),
    ...(maximumLifetimeSeconds !== undefined && { maximumLifetimeSeconds }),
    ...readRecipients(recipients),
    keys,
    algorithms: options.algorithms ?? algorithms,
  };
}

/** The two options that name recipients, without the others. */
function readRecipients({ audience, clientIds }: AudienceOptions): AudienceOptions {
  if (clientIds !== undefined) assertNames('clientIds', clientIds);
  if (audience !== undefined) {
    assertNames('audience', [audience].flat());
    return { audience, ...(clientIds !== undefined && { clientIds }) };
  }
  if (clientIds === undefined) refuseOption('audience', 'must be what tokens for this server have');
  return { clientIds };
}

function fetchingOf(options: ProviderOptions): FetchedKeysOptions {
  const fetching = Object.entries(options).filter(([name]) =>
    Object.hasOwn(fetchedKeysChecks, name),
  );
  return { environment: options.environment, ...Object.fromEntries(fetching) };
}
