/** `/token`: opens what this server sealed, and asks the provider in its own name. */
import type { GateAnswer, GateRequest } from '@sallyport/mcp-adapter';
import {
  errorAnswer,
  jsonAnswer,
  type OAuthErrorCode,
  unavailableAnswer,
} from '../http/answers.ts';
import type { Parameters } from '../http/parameters.ts';
import { readForm } from '../http/read-body.ts';
import { digestOf, isSame } from '../sealing/digest.ts';
import {
  lifeSeconds,
  type RegisteredClient,
  type SealedCode,
  type SealedRefreshToken,
} from '../sealing/values.ts';
import type { IssuedToken } from '../upstream/ask-for-token.ts';
import { callbackUrl, isOwnResource, readScopes, type SignInParts } from './sign-in-parts.ts';

const grants: ReadonlySet<unknown> = new Set(['authorization_code', 'refresh_token']);
const verifierForm = /^[A-Za-z0-9._~-]{43,128}$/;

type Refuse = (error: OAuthErrorCode, description: string) => GateAnswer;

/** Refuses everything but the two grants before any secret of this server is read. */
export async function issueToken(parts: SignInParts, request: GateRequest): Promise<GateAnswer> {
  const refuse: Refuse = (error, description) => {
    parts.report.refused('token', error, description);
    return errorAnswer(error === 'invalid_client' ? 401 : 400, error, description);
  };
  if (request.field('authorization').length > 0) {
    return refuse('invalid_client', 'Clients have no secret here');
  }
  const body = await readForm(request);
  if (!body.ok) return refuse('invalid_request', 'The body must be a form');
  const form = body.value;
  if (form.repeated !== undefined) {
    const isTarget = form.isRepeated('resource');
    return refuse(isTarget ? 'invalid_target' : 'invalid_request', 'A parameter is there twice');
  }
  const grant = form.get('grant_type');
  if (!grants.has(grant)) {
    return refuse('unsupported_grant_type', 'Only authorization_code and refresh_token');
  }
  if (form.has('client_secret', 'client_assertion', 'client_assertion_type')) {
    return refuse('invalid_client', 'Clients have no secret here');
  }
  const clientId = form.get('client_id') ?? '';
  const client = await parts.sealing.open<RegisteredClient>('client', clientId);
  if (client === undefined) return refuse('invalid_client', 'Register this client again');
  if (!isOwnResource(form.get('resource'), parts.resource)) {
    return refuse('invalid_target', 'This server issues tokens for itself only');
  }
  const digest = await digestOf(clientId);
  return grant === 'refresh_token'
    ? refresh(parts, form, digest, refuse)
    : redeem(parts, form, digest, refuse);
}

async function redeem(
  parts: SignInParts,
  form: Parameters,
  client: string,
  refuse: Refuse,
): Promise<GateAnswer> {
  const verifier = form.get('code_verifier');
  if (verifier === undefined) return refuse('invalid_request', 'code_verifier is missing');
  const code = await parts.sealing.open<SealedCode>('code', form.get('code') ?? '');
  const isGood =
    code !== undefined &&
    isSame(code.client, client) &&
    code.redirectUri === form.get('redirect_uri') &&
    code.resource === parts.resource &&
    verifierForm.test(verifier) &&
    isSame(code.challenge, await digestOf(verifier));
  if (!isGood) {
    return refuse('invalid_grant', 'The code is unknown, expired, or for another client');
  }
  const { redirectUri, resource, scopes } = code;
  const result = await parts.askForToken({
    grant_type: 'authorization_code',
    code: code.code,
    redirect_uri: callbackUrl(parts),
    code_verifier: verifier,
    ...parts.provider.tokenParameters(resource),
  });
  return answerFor(parts, result, refuse, {
    ...{ client, redirectUri, resource, scopes },
    token: undefined,
    refreshes: code.refreshes,
  });
}

async function refresh(
  parts: SignInParts,
  form: Parameters,
  client: string,
  refuse: Refuse,
): Promise<GateAnswer> {
  const given = form.get('refresh_token') ?? '';
  const sealed = await parts.sealing.open<SealedRefreshToken>('refresh', given);
  const isGood =
    sealed !== undefined &&
    isSame(sealed.client, client) &&
    sealed.resource === parts.resource &&
    parts.findRecipient(sealed.redirectUri) !== undefined;
  if (!isGood) {
    return refuse('invalid_grant', 'The refresh token is unknown, expired, or for another client');
  }
  const { redirectUri, resource, token } = sealed;
  const asked = form.get('scope');
  const own = asked === undefined ? sealed.scopes : readScopes(asked, parts);
  const named = own?.filter((scope) => scope !== 'offline_access');
  // To ask for no scope at all can mean all of them.
  const scopes = named?.length === 0 ? sealed.scopes : named;
  if (scopes === undefined || !scopes.every((scope) => sealed.scopes.includes(scope))) {
    return refuse('invalid_scope', 'Only scopes that the person allowed. Sign in again for more');
  }
  const { provider } = parts;
  const needsScope = provider.refreshNeedsScope || scopes.length < sealed.scopes.length;
  // Elsewhere `offline_access` is not among what the provider granted, and a refresh may not ask for more.
  const scope = provider.requestScopes(scopes, provider.refreshNeedsScope).join(' ');
  const result = await parts.askForToken({
    grant_type: 'refresh_token',
    refresh_token: token,
    ...(needsScope && scope !== '' && { scope }),
    ...provider.tokenParameters(resource),
  });
  return answerFor(parts, result, refuse, {
    ...{ client, redirectUri, resource, scopes, token },
    sealedScopes: sealed.scopes,
    refreshes: true,
  });
}

/** What a new refresh token is sealed with. */
interface Granted extends Omit<SealedRefreshToken, 'token'> {
  /** The provider's refresh token of before, which stays in force where the provider sends no other. */
  readonly token: string | undefined;
  /** What the refresh token stands for, also where this answer has less. Default: what it granted of what was allowed. */
  readonly sealedScopes?: readonly string[];
  readonly refreshes: boolean;
}

async function answerFor(
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
