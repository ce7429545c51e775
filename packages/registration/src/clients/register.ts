/** `/register`: Dynamic Client Registration (RFC 7591) that stores nothing. */
import type { GateAnswer, GateRequest } from '@sallyport/mcp-adapter';
import type { SignInParts } from '../flow/sign-in-parts.ts';
import { errorAnswer, jsonAnswer, type OAuthErrorCode } from '../http/answers.ts';
import { readObject } from '../http/read-body.ts';
import { lifeSeconds, type RegisteredClient } from '../sealing/values.ts';
import { findAddressFault } from './redirect-address.ts';

const mostRedirectUris = 10;
const longestName = 200;

/**
 * Registers a client. Its registration is the `client_id`, sealed. Members that this server does not use are ignored,
 * and the answer says what holds (RFC 7591 §3.2.1).
 */
export async function register(parts: SignInParts, request: GateRequest): Promise<GateAnswer> {
  const refuse = (error: OAuthErrorCode, description: string, detail?: string): GateAnswer => {
    parts.report.refused('register', error, detail);
    return errorAnswer(400, error, description);
  };
  const body = await readObject(request);
  if (!body.ok) return refuse('invalid_client_metadata', 'The body must be a JSON object');
  const { redirect_uris: redirectUris, client_name: name, grant_types: grantTypes } = body.value;
  if (!isListOfTexts(redirectUris) || redirectUris.length === 0) {
    return refuse('invalid_redirect_uri', 'redirect_uris must be a list with an address');
  }
  if (redirectUris.length > mostRedirectUris) {
    return refuse('invalid_redirect_uri', `redirect_uris may have ${mostRedirectUris} addresses`);
  }
  if (new Set(redirectUris).size !== redirectUris.length) {
    return refuse('invalid_redirect_uri', 'redirect_uris has an address twice');
  }
  for (const address of redirectUris) {
    // One bad address refuses all of them: a client must not get less than it asked for unnoticed.
    const fault = findAddressFault(address);
    if (fault !== undefined) {
      return refuse('invalid_redirect_uri', `An address of redirect_uris ${fault}`);
    }
    if (parts.findRecipient(address) === undefined) {
      const detail = 'an address is not among signIn.allowedClients';
      return refuse('invalid_redirect_uri', 'This server does not allow this client', detail);
    }
  }
  if (name !== undefined && typeof name !== 'string') {
    return refuse('invalid_client_metadata', 'client_name must be a text');
  }
  if (grantTypes !== undefined && !isListOfTexts(grantTypes)) {
    return refuse('invalid_client_metadata', 'grant_types must be a list of texts');
  }
  // RFC 7591 §2: without the member it is the authorization code alone.
  const refreshes = grantTypes?.includes('refresh_token') ?? false;
  if (grantTypes !== undefined && !grantTypes.includes('authorization_code')) {
    return refuse('invalid_client_metadata', 'grant_types must have authorization_code');
  }
  const client: RegisteredClient = {
    redirectUris,
    name: name?.slice(0, longestName),
    refreshes,
  };
  const clientId = await parts.sealing.seal('client', client, lifeSeconds.client);
  return jsonAnswer(201, {
    client_id: clientId,
    client_id_issued_at: Math.floor(parts.now() / 1_000),
    redirect_uris: redirectUris,
    ...(client.name !== undefined && { client_name: client.name }),
    grant_types: ['authorization_code', ...(refreshes ? ['refresh_token'] : [])],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  });
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
