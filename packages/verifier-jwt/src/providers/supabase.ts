import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readMatch, refuseOption } from './identifiers.ts';
import {
  type OneOrMore,
  type ProviderOptions,
  providerChecks,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.supabase`. */
export interface SupabaseOptions extends ProviderOptions {
  /** The project's reference: the 20 letters in its URL. */
  readonly projectRef: string;
  /** The OAuth clients whose tokens are accepted. */
  readonly clientIds: OneOrMore<string>;
}

const optionChecks: Checks<SupabaseOptions> = {
  ...providerChecks,
  projectRef: check.text,
  clientIds: check.texts,
};

/**
 * Access tokens of the OAuth server of a Supabase project, signed with asymmetric keys.
 *
 * They are not for anybody in particular: `aud` is `authenticated` for every server, and `resource`
 * is ignored. The allowed clients stand in for it; sessions have none, and are refused. Scopes are
 * those of OpenID Connect only. Projects that sign with their legacy secret (HS256) must migrate.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function supabase(given: SupabaseOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const { clientIds } = options;
  const ref = readMatch('projectRef', options.projectRef, /^[a-z]{20}$/, '20 lower-case letters');
  if (clientIds === undefined) refuseOption('clientIds', 'must name the OAuth clients');
  const issuer = `https://${ref}.supabase.co/auth/v1`;
  return trustProvider(
    options,
    // What every token has says nothing of its audience, but ID tokens have their client there.
    { audience: 'authenticated', clientIds },
    {
      issuer,
      jwksUrl: `${issuer}/.well-known/jwks.json`,
      algorithms: ['ES256', 'RS256'],
      profile: 'legacy',
      clientIdClaims: ['client_id'],
      scopeClaims: ['scope'],
    },
  );
}
