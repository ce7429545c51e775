/** `/token`: opens what this server sealed, and asks the provider in its own name. */
import type { GateAnswer, GateRequest } from '@sallyport/mcp-adapter';
import { errorAnswer } from '../http/answers.ts';
import type { Parameters } from '../http/parameters.ts';
import { readForm } from '../http/read-body.ts';
import { digestOf, isSame } from '../sealing/digest.ts';
import type { RegisteredClient, SealedCode, SealedRefreshToken } from '../sealing/values.ts';
import { callbackUrl, isOwnResource, readScopes, type SignInParts } from './sign-in-parts.ts';
import { answerFor, type Refuse } from './token-answer.ts';

const grants: ReadonlySet<unknown> = new Set(['authorization_code', 'refresh_token']);
const verifierForm = /^[A-Za-z0-9._~-]{43,128}$/;

interface Asked {
  readonly form: Parameters;
  /** The digest of the client id. */
  readonly client: string;
  readonly request: GateRequest;
  readonly refuse: Refuse;
}

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
  if (client === undefined) {
    const refusal = refuse('invalid_client', 'Register this client again');
    return limitGuess(parts, request, ['client', clientId], refusal);
  }
  if (!isOwnResource(form.get('resource'), parts.resource)) {
    return refuse('invalid_target', 'This server issues tokens for itself only');
  }
  const asked: Asked = { form, client: await digestOf(clientId), request, refuse };
  return grant === 'refresh_token' ? refresh(parts, asked) : redeem(parts, asked);
}

/** Counts the refusal of a value that this server never sealed. A client whose value has expired did not guess. */
async function limitGuess(
  { sealing, guesses }: SignInParts,
  request: GateRequest,
  [purpose, text]: readonly [purpose: 'client' | 'code' | 'refresh', text: string],
  refusal: GateAnswer,
): Promise<GateAnswer> {
  const isGuess = text !== '' && !(await sealing.hasSealed(purpose, text));
  return isGuess ? guesses.count('token', request, refusal) : refusal;
}

/** Asks the provider, unless it has refused this code or token again and again. */
async function askProvider(
  { askForToken, guesses }: SignInParts,
  { request }: Asked,
  grant: string,
  parameters: Readonly<Record<string, string>>,
): ReturnType<SignInParts['askForToken']> {
  if (await guesses.isDead(grant)) return { kind: 'invalid_grant' };
  const result = await askForToken(request.clientAddress, parameters);
  if (result.kind === 'invalid_grant') await guesses.countRefused(grant);
  return result;
}

async function redeem(parts: SignInParts, asked: Asked): Promise<GateAnswer> {
  const { form, client, request, refuse } = asked;
  const verifier = form.get('code_verifier');
  if (verifier === undefined) return refuse('invalid_request', 'code_verifier is missing');
  const given = form.get('code') ?? '';
  const code = await parts.sealing.open<SealedCode>('code', given);
  const isGood =
    code !== undefined &&
    isSame(code.client, client) &&
    code.redirectUri === form.get('redirect_uri') &&
    code.resource === parts.resource &&
    verifierForm.test(verifier) &&
    isSame(code.challenge, await digestOf(verifier));
  if (!isGood) {
    const refusal = refuse('invalid_grant', 'The code is unknown, expired, or for another client');
    return limitGuess(parts, request, ['code', given], refusal);
  }
  const { redirectUri, resource, scopes } = code;
  const result = await askProvider(parts, asked, code.code, {
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

async function refresh(parts: SignInParts, asked: Asked): Promise<GateAnswer> {
  const { form, client, request, refuse } = asked;
  const given = form.get('refresh_token') ?? '';
  const sealed = await parts.sealing.open<SealedRefreshToken>('refresh', given);
  const isGood =
    sealed !== undefined &&
    isSame(sealed.client, client) &&
    sealed.resource === parts.resource &&
    parts.findRecipient(sealed.redirectUri) !== undefined;
  if (!isGood) {
    const problem = 'The refresh token is unknown, expired, or for another client';
    const refusal = refuse('invalid_grant', problem);
    return limitGuess(parts, request, ['refresh', given], refusal);
  }
  const { redirectUri, resource, token } = sealed;
  const wanted = form.get('scope');
  const own = wanted === undefined ? sealed.scopes : readScopes(wanted, parts);
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
  const result = await askProvider(parts, asked, token, {
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
