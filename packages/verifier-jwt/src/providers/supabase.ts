import { type Checks, check } from '@sallyport/core';
import { readMatch, refuseOption } from './identifiers.ts';
import type { Provider } from './provider.ts';
import { type OneOrMore, type ProviderOptions, providerChecks } from './provider-options.ts';

/** Options for `providers.supabase`. */
interface SupabaseOptions extends ProviderOptions {
  /** The reference of the project: the 20 letters in its URL. */
  readonly projectRef: string;
  /** The OAuth clients whose tokens are accepted. */
  readonly clientIds: OneOrMore<string>;
}

/**
 * Trusts access tokens of the OAuth server of a Supabase project, signed with asymmetric keys.
 *
 * Their `aud` is `authenticated` for every server: Supabase ignores `resource`. So a list of clients
 * is required. Tokens of sessions name no client, and are refused. Scopes are those of OpenID Connect
 * only. Projects that sign with their legacy secret (HS256) must migrate.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const supabase: Provider<SupabaseOptions> = {
  name: 'supabase',
  title: 'Supabase',
  options: (): Checks<SupabaseOptions> => ({
    ...providerChecks,
    projectRef: check.text,
    clientIds: check.texts,
  }),

  describe({ projectRef, clientIds }) {
    const ref = readMatch('projectRef', projectRef, /^[a-z]{20}$/, '20 lower-case letters');
    if (clientIds === undefined) refuseOption('clientIds', 'must name the OAuth clients');
    const issuer = `https://${ref}.supabase.co/auth/v1`;
    return {
      issuer,
      jwksUrl: `${issuer}/.well-known/jwks.json`,
      // Every access token has this audience. ID tokens have their client there instead.
      recipients: { audience: 'authenticated', clientIds },
      algorithms: ['ES256', 'RS256'],
      profile: 'legacy',
      clientIdClaims: ['client_id'],
      scopeClaims: ['scope'],
    };
  },

  tenant: {
    allowed: 'the reference of the project',
    example: 'abcdefghijklmnopqrst',
    options: (projectRef) => ({ projectRef }),
  },
  audience: 'fixed',
  issuers: /^https:\/\/[a-z]{20}\.supabase\.co\//,
  issuerMistakes: [
    [
      /^https:\/\/[a-z]{20}\.supabase\.co(?!\/auth\/v1$)/,
      'must end with /auth/v1: the issuers of Supabase do, without a slash at the end',
    ],
  ],
  sharedDomains: ['supabase.co'],
  audienceMistakes: [
    [
      /^authenticated$/,
      'the fixed audience of Supabase: configure its preset, which checks the client in its place',
    ],
  ],
};
