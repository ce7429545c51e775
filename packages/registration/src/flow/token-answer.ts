/** The answer of the token endpoint: the provider's access token, and its refresh token sealed. */
import type { GateAnswer } from '@sallyport/mcp-adapter';
import { jsonAnswer, type OAuthErrorCode, unavailableAnswer } from '../http/answers.ts';
import { lifeSeconds, type SealedRefreshToken } from '../sealing/values.ts';
import type { IssuedToken } from '../upstream/ask-for-token.ts';
import type { SignInParts } from './sign-in-parts.ts';

/** Reports a refusal, and writes its answer. */
export type Refuse = (error: OAuthErrorCode, description: string) => GateAnswer;

/** What a new refresh token is sealed with. */
export interface Granted extends Omit<SealedRefreshToken, 'token'> {
  /** The provider's refresh token of before, which stays in force where the provider sends no other. */
  readonly token: string | undefined;
  /** What the refresh token stands for, also where this answer has less. Default: what it granted of what was allowed. */
  readonly sealedScopes?: readonly string[];
  readonly refreshes: boolean;
}

/** Writes the answer of the token endpoint for the answer of the provider. */
export async function answerFor(
  parts: SignInParts,
  result: Awaited<ReturnType<SignInParts['askForToken']>>,
  refuse: Refuse,
  granted: Granted,
): Promise<GateAnswer> {
  switch (result.kind) {
    case 'unavailable':
      return unavailableAnswer(result.retryAfterSeconds);
    case 'invalid_grant':
      return refuse('invalid_grant', 'The provider ended this sign-in');
    case 'invalid_scope':
      return refuse('invalid_scope', 'The provider does not know a scope');
    case 'issued':
      return issued(parts, result.token, granted);
  }
}

async function issued(
  { provider, sealing, scopes: known }: SignInParts,
  token: IssuedToken,
  granted: Granted,
): Promise<GateAnswer> {
  const { refreshes, token: before, client, redirectUri, resource } = granted;
  const names = token.scope?.split(' ').map(provider.ownScope);
  const scopes =
    names?.filter((name) => known.has(name) && name !== 'offline_access') ?? granted.scopes;
  // A provider may grant more than the person allowed. A refresh may not ask for that.
  const isAllowed = (name: string) => granted.scopes.length === 0 || granted.scopes.includes(name);
  const kept = scopes.filter(isAllowed);
  const { sealedScopes = kept.length === 0 ? granted.scopes : kept } = granted;
  const refreshToken = refreshes ? (token.refreshToken ?? before) : undefined;
  return jsonAnswer(200, {
    access_token: token.accessToken,
    token_type: 'Bearer',
    ...(token.expiresIn !== undefined && { expires_in: token.expiresIn }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(refreshToken !== undefined && {
      refresh_token: await sealing.seal(
        'refresh',
        {
          ...{ client, redirectUri, resource, scopes: sealedScopes },
          token: refreshToken,
        } satisfies SealedRefreshToken,
        lifeSeconds.refresh,
      ),
    }),
  });
}
