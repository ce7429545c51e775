import type { CredentialScheme } from '../credentials/credentials.ts';
import type { AuthErrorAnswer } from './answers.ts';

/** What a challenge tells the client beyond the error. All of it comes from configuration. */
export interface ChallengeParameters {
  /** Where this server's protected resource metadata is (RFC 9728 §5.1). */
  readonly resourceMetadataUrl: string;
  /** All the scopes to ask for. Left out when empty. */
  readonly scopes: readonly string[];
  /** JWS algorithms for DPoP proofs. If empty, the challenge has no DPoP part. */
  readonly dpopAlgorithms?: readonly string[];
  /** The scheme that the request used, and so the one that the error is about. Default `Bearer`. */
  readonly scheme?: CredentialScheme | undefined;
}

/**
 * Writes the value of `WWW-Authenticate` (RFC 6750 §3, RFC 9449 §7.1). Bearer is first, with all that
 * leads to a token, whatever the error is about: MCP clients look no further than the first scheme.
 *
 * Nothing is escaped, because nothing can need it: every value is a constant of this project, a
 * checked scope, or the serialised form of a URL. Text from outside must never be passed in.
 */
export function writeChallenge(
  { error, description }: Pick<AuthErrorAnswer, 'error' | 'description'>,
  { resourceMetadataUrl, scopes, dpopAlgorithms = [], scheme }: ChallengeParameters,
): string {
  const fault =
    error === undefined ? [] : [`error="${error}"`, `error_description="${description}"`];
  const isAboutDpop = scheme === 'DPoP' && dpopAlgorithms.length > 0;
  const bearer = [
    ...(isAboutDpop ? [] : fault),
    ...(scopes.length === 0 ? [] : [`scope="${scopes.join(' ')}"`]),
    `resource_metadata="${resourceMetadataUrl}"`,
  ];
  if (dpopAlgorithms.length === 0) return `Bearer ${bearer.join(', ')}`;
  const dpop = [...(isAboutDpop ? fault : []), `algs="${dpopAlgorithms.join(' ')}"`];
  return `Bearer ${bearer.join(', ')}, DPoP ${dpop.join(', ')}`;
}
