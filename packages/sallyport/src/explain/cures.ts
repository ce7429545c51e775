/** Whose a refusal is, and the cure, by the check that broke and by what the log says about it. */
import type { Provider } from '@sallyport/verifier-jwt/providers';
import { type AskedAddress, readNetworkFault } from '../diagnosis/network-faults.ts';
import type { Owner } from '../diagnosis/step.ts';
import type { Expectations } from './expectations.ts';
import { cureAtProvider } from './provider-cures.ts';
import { nameOfProvider } from './providers.ts';
import type { JwtStep } from './step-of-verdict.ts';

/** A refusal, and what is known around it. */
export interface Refused {
  readonly step: JwtStep;
  readonly detail: string;
  readonly provider: Provider | undefined;
  readonly expectations: Expectations;
  /** Where keys come from; `undefined` where they are at hand. */
  readonly keysAt: AskedAddress | undefined;
}

/** Whose it is, and what to do. */
export interface Cure {
  readonly owner: Owner;
  readonly cure: string;
}

type Rule = readonly [
  pattern: RegExp,
  owner: Owner,
  cure: (refused: Refused) => string | undefined,
];

const variable = (name: string): string => `FASTMCP_SERVER_AUTH_JWT_${name}`;
const provider = ({ provider: found }: Refused): string => nameOfProvider(found);
const facts = ({ expectations: { audiences, scopes } }: Refused) => ({
  audience: audiences?.[0] ?? 'this server',
  scopes: scopes.join(' ') || 'the scope',
});
const atProvider = (topic: 'audience' | 'scopes' | 'opaque') => (refused: Refused) =>
  cureAtProvider(refused.provider, topic, facts(refused));

const idToken: Rule = [
  /ID token|refresh token|logout token|client assertion|DPoP proof|security event/,
  'the client',
  (refused) =>
    `The client must send the access token that ${provider(refused)} issued with it, not this one.`,
];

const rules: Readonly<Record<JwtStep, readonly Rule[]>> = {
  form: [
    [
      /opaque|JWE|encrypted|only \w+ can check/,
      'the client',
      (refused) =>
        atProvider('opaque')(refused) ??
        'Have the provider issue JWT access tokens, which most do for clients that name this server as "resource". Otherwise set FASTMCP_SERVER_AUTH_TYPE=introspection.',
    ],
    [/cut off/, 'the client', () => 'Copy the whole token: a JWT has three parts with two dots.'],
    [
      /bytes; /,
      'this server',
      () => 'Set FASTMCP_SERVER_AUTH_MAX_TOKEN_BYTES to more than the size of the token.',
    ],
    [
      /(?:)/,
      'the client',
      () => 'The client must send the access token that it got from the identity provider.',
    ],
  ],
  issuer: [
    [
      /a version \d token of Entra/,
      'the identity provider',
      () =>
        `In Entra, set requestedAccessTokenVersion in the manifest of the API to the version that is expected. Otherwise set ${variable('ISSUER')} to what is found.`,
    ],
    [
      /differs by/,
      'this server',
      () => `Set ${variable('ISSUER')} to exactly what is found in the token.`,
    ],
    [
      /absent|not a string/,
      'the identity provider',
      (refused) => `Have ${provider(refused)} write "iss" into its access tokens.`,
    ],
    [
      /(?:)/,
      'the client',
      () =>
        `The token is of another identity provider. The client must sign in at the configured one, or ${variable('ISSUER')} must name the provider of the token.`,
    ],
  ],
  algorithm: [
    idToken,
    [
      /public-key algorithm/,
      'this server',
      () =>
        `Set ${variable('ALGORITHM')} to the algorithm of the token, after a look at the provider's documentation.`,
    ],
    [
      /shared-secret algorithm/,
      'the identity provider',
      (refused) =>
        `Have ${provider(refused)} sign with a public key. Only for a secret that you share with it, set ${variable('ALGORITHM')} to that algorithm and ${variable('PUBLIC_KEY')} to the secret.`,
    ],
    [
      /(?:)/,
      'the identity provider',
      (refused) =>
        `Have ${provider(refused)} sign with RS256 or ES256, without special members in the header.`,
    ],
  ],
  type: [
    idToken,
    [
      /(?:)/,
      'the client',
      () => 'The client must send an access token: its "typ" is at+jwt or JWT.',
    ],
  ],
  key: [
    [
      /key id is not among|key id is unknown|^$/,
      'the identity provider',
      (refused) =>
        `The token is signed with a key that is not published at ${refused.keysAt?.url ?? 'the key file'}. Compare ${variable('JWKS_URI')} with the provider's metadata. If the key is new, publish it before it signs.`,
    ],
    [
      /kid: absent/,
      'the identity provider',
      (refused) =>
        `Have ${provider(refused)} write "kid" into the header: it publishes several keys.`,
    ],
    [
      /belongs to another issuer/,
      'this server',
      () => `Set ${variable('JWKS_URI')} to the keys of the same tenant as ${variable('ISSUER')}.`,
    ],
  ],
  signature: [
    [
      /trailing newline/,
      'this server',
      () =>
        'Store the shared secret without a newline at its end, on both sides: printf %s "$SECRET" in place of echo.',
    ],
    [
      /decoded from base64|from hexadecimal|secret (?:decoded|as|with)/,
      'this server',
      () =>
        `Have both sides take the text of the secret for the same bytes: the issuer decodes it, or this server must get the decoded bytes.`,
    ],
    [
      /another secret/,
      'this server',
      () => `Set ${variable('PUBLIC_KEY')} to the secret that the issuer signs with.`,
    ],
    [
      /(?:)/,
      'the identity provider',
      () =>
        `The token was changed on its way, or another key with the same id signed it. Compare the keys at ${variable('JWKS_URI')} with those of the issuer.`,
    ],
  ],
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
      () =>
        `Make the two equal, character by character: set ${variable('AUDIENCE')} to what is found, or have the provider write what is expected.`,
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

/** Finds the first rule that fits. A failed look-up of keys is read as what happened on the network. */
export function findCure(refused: Refused): Cure {
  const { step, detail, keysAt } = refused;
  for (const [pattern, owner, cure] of rules[step]) {
    if (!pattern.test(detail)) continue;
    const text = cure(refused);
    if (text !== undefined) return { owner, cure: text };
  }
  return readNetworkFault(detail, keysAt ?? { url: '', variable: variable('JWKS_URI') });
}
