/** Cures up to the signature: what the token is, who issued it and which key signed it. */
import { atProvider, idToken, provider, type Rule, variable } from './rule.ts';

export const signatureRules: Readonly<
  Record<'form' | 'issuer' | 'algorithm' | 'type' | 'key' | 'signature', readonly Rule[]>
> = {
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
      ({ variables }) =>
        `In Entra, set requestedAccessTokenVersion in the manifest of the API to the version that is expected. Otherwise set ${variables.issuer} to what is found.`,
    ],
    [
      /differs by/,
      'this server',
      ({ variables }) => `Set ${variables.issuer} to exactly what is found in the token.`,
    ],
    [
      /absent|not a string/,
      'the identity provider',
      (refused) => `Have ${provider(refused)} write "iss" into its access tokens.`,
    ],
    [
      /(?:)/,
      'the client',
      ({ variables }) =>
        `The token is of another identity provider. The client must sign in at the configured one, or ${variables.issuer} must name the provider of the token.`,
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
};
