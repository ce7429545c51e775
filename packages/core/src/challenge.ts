import type { AuthErrorAnswer } from './errors.ts';

/** What a challenge tells the client beyond the error. Both come from configuration. */
export interface ChallengeParameters {
  /** Where this server's protected resource metadata is (RFC 9728 §5.1). */
  readonly resourceMetadataUrl: string;
  /** All the scopes to ask for. Left out when empty. */
  readonly scopes: readonly string[];
}

/**
 * Writes the value of `WWW-Authenticate` (RFC 6750 §3).
 *
 * Nothing is escaped, because nothing can need it: every value is a constant of this package, a
 * checked scope, or the serialised form of a URL. Text from outside must never be passed in.
 */
export function writeChallenge(
  { error, description }: Pick<AuthErrorAnswer, 'error' | 'description'>,
  { resourceMetadataUrl, scopes }: ChallengeParameters,
): string {
  const parameters = [
    ...(error === undefined ? [] : [`error="${error}"`, `error_description="${description}"`]),
    ...(scopes.length === 0 ? [] : [`scope="${scopes.join(' ')}"`]),
    `resource_metadata="${resourceMetadataUrl}"`,
  ];
  return `Bearer ${parameters.join(', ')}`;
}
