import {
  type AsymmetricAlgorithm,
  AuthError,
  asymmetricAlgorithms,
  type Checks,
  ConfigError,
  check,
  checkOptions,
} from '@sallyport/core';
import { findJsonFault } from '@sallyport/guarded-fetch';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { IntrospectionProtocol } from '../introspection-client.ts';
import { readIntrospectionResponse } from './introspection-response.ts';

/** Options for {@link signedResponse}. */
export interface SignedResponseOptions {
  /** The server, exactly as its answers have it in `iss`. */
  readonly issuer: string;
  /** The value of `aud` that stands for this server. Mostly its client id. */
  readonly audience: string;
  /** The server's public keys. They are not fetched. */
  readonly jwks: JSONWebKeySet;
  /** Allowed `alg` values. At least one. */
  readonly algorithms: readonly [AsymmetricAlgorithm, ...AsymmetricAlgorithm[]];
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

const optionChecks: Checks<SignedResponseOptions> = {
  issuer: check.text,
  audience: check.text,
  jwks: check.where('must be a JWK set: an object with the array keys', isJwks),
  algorithms: check.texts,
  now: check.optional(check.callback),
};

// The request was sent a moment ago, so an older answer is a replay.
const longestAgeSeconds = 60;
const clockToleranceSeconds = 60;

/** The media type of signed answers (RFC 9701 §4). */
const signedMediaType = 'application/token-introspection+jwt';

/**
 * Asks for signed answers (RFC 9701) and accepts no others. A proxy in between cannot forge an answer.
 * An answer must have been signed within the last 60 seconds, with 60 seconds of clock difference
 * allowed. It does not decrypt answers.
 *
 * @throws {ConfigError} Without an algorithm, or with one that is not in the list.
 */
export function signedResponse(given: SignedResponseOptions): IntrospectionProtocol {
  const options = checkOptions('introspection.signedResponse', given, optionChecks);
  const { issuer, audience, algorithms, now = Date.now } = options;
  if (algorithms.length === 0 || !algorithms.every((name) => asymmetricAlgorithms.has(name))) {
    throw new ConfigError(
      'introspection.signedResponse.algorithms',
      `must be a list of at least one of ${[...asymmetricAlgorithms.keys()].join(', ')}`,
    );
  }
  const keys = createLocalJWKSet(options.jwks);
  return {
    mediaTypes: [signedMediaType],
    question: (token) => ({
      headers: { Accept: signedMediaType },
      parameters: { token, token_type_hint: 'access_token' },
    }),
    async read({ text = '' }) {
      try {
        const { payload } = await jwtVerify(text, keys, {
          issuer,
          audience,
          algorithms: [...algorithms],
          typ: 'token-introspection+jwt',
          requiredClaims: ['iat'],
          maxTokenAge: longestAgeSeconds,
          clockTolerance: clockToleranceSeconds,
          currentDate: new Date(now()),
        });
        assertUnambiguous(text, payload);
        return readIntrospectionResponse(payload['token_introspection']);
      } catch {
        // No cause: the answer contains claims of the token.
        throw new AuthError('upstream_unavailable', {
          detail: 'introspection: the answer is not signed as it must be',
        });
      }
    },
  };
}

function isJwks(value: unknown): boolean {
  const { keys } = Object(value) as { readonly keys?: unknown };
  const isKey = (key: unknown) => typeof key === 'object' && key !== null;
  return Array.isArray(keys) && keys.every(isKey);
}

/** @throws When two parsers could read the payload in different ways. */
function assertUnambiguous(jws: string, payload: unknown): void {
  const [, segment = ''] = jws.split('.');
  const fault = findJsonFault(Buffer.from(segment, 'base64url').toString(), payload);
  if (fault !== undefined) throw new Error(fault);
}
