/** Cures behind the signature: whom the token is for, when, and what it allows. */
import { atProvider, facts, idToken, provider, type Rule, variable } from './rule.ts';

export const claimRules: Readonly<
  Record<'audience' | 'binding' | 'kind' | 'claims' | 'times' | 'scopes', readonly Rule[]>
> = {
  audience: [
    idToken,
    [
      /Keycloak|Supabase|Microsoft Graph|absent|issuer itself|userinfo|another client/,
      'the identity provider',
      (refused) =>
        atProvider('audience')(refused) ??
        `Have ${provider(refused)} write ${facts(refused).audience} into "aud": the client must name it as "resource" (RFC 8707).`,
    ],
    [
      /differs by|written as text/,
      'this server',
      ({ variables }) =>
        `Make the two equal, character by character: set ${variables.audience} to what is found, or have the provider write what is expected.`,
    ],
    [
      /(?:)/,
      'the client',
      (refused) =>
        `The token is for another server. The client must ask for one with resource=${facts(refused).audience}. ${atProvider('audience')(refused) ?? ''}`.trim(),
    ],
  ],
  binding: [
    [
      /(?:)/,
      'the client',
      () =>
        'The token is bound to a key (DPoP or mTLS), and this gate takes bearer tokens. The client must ask for a bearer token.',
    ],
  ],
  kind: [
    idToken,
    [/(?:)/, 'the client', () => 'The client must send the access token, not the ID token.'],
  ],
  claims: [
    idToken,
    [
      /^tid/,
      'the client',
      () =>
        'The user belongs to another Entra tenant. Sign in with an account of the configured one.',
    ],
    [
      /(?:)/,
      'the identity provider',
      (refused) => `Have ${provider(refused)} write the claim into its access tokens.`,
    ],
  ],
  times: [
    [
      /not valid for another/,
      'this server',
      () =>
        'The token is from the future, so a clock is wrong. "sallyport doctor" compares the clock of this machine with the provider\'s. Turn NTP on.',
    ],
    [
      /issued \d{1,3} seconds ago.*compare the clocks/,
      'this server',
      () =>
        'The token was issued minutes ago and is past its end. A clock is wrong, or tokens live too briefly: "sallyport doctor" compares the clocks.',
    ],
    [
      /expired/,
      'the client',
      () => 'The client must get a new token: with its refresh token, or by signing in again.',
    ],
    [
      /(?:)/,
      'the identity provider',
      () =>
        `Have tokens issued for a shorter time, or set ${variable('MAX_LIFETIME_SECONDS')} to the lifetime of the provider's tokens.`,
    ],
  ],
  scopes: [
    [
      /^denied: /,
      'this server',
      () =>
        'An operator denied this caller or token. If that was a mistake, run "sallyport allow".',
    ],
    [
      /^the denial list/,
      'this server',
      () =>
        'Run this command where FASTMCP_SERVER_AUTH_DENIAL_LIST can be read. "sallyport denied" tells what is wrong with it.',
    ],
    [
      /where scopes are not read|prefix|commas|upper and lower/,
      'the identity provider',
      (refused) =>
        atProvider('scopes')(refused) ??
        `Have ${provider(refused)} write ${facts(refused).scopes} into "scope", separated by spaces.`,
    ],
    [
      /(?:)/,
      'the client',
      (refused) =>
        `The client must ask for ${facts(refused).scopes}, and the person must allow it. ${atProvider('scopes')(refused) ?? ''}`.trim(),
    ],
  ],
};
