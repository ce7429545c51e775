/** `/authorize`: checks an authorization request, and asks the person. */
import type { GateAnswer } from '@sallyport/mcp-adapter';
import { isLoopback, isSameAddress, withParameters } from '../clients/redirect-address.ts';
import { type OAuthErrorCode, redirectAnswer } from '../http/answers.ts';
import { type Parameters, readParameters } from '../http/parameters.ts';
import { consentPage } from '../page/consent-page.ts';
import { errorPage } from '../page/page.ts';
import { digestOf } from '../sealing/digest.ts';
import { lifeSeconds, type PendingRequest, type RegisteredClient } from '../sealing/values.ts';
import { isOwnResource, readScopes, type SignInParts } from './sign-in-parts.ts';

const longestState = 2_048;

type Fault = readonly [error: OAuthErrorCode, description: string];

/** @param query The query as it came. */
export async function authorize(parts: SignInParts, query: string): Promise<GateAnswer> {
  const refuse = (error: OAuthErrorCode, problem: string, advice: string) => {
    parts.report.refused('authorize', error);
    return errorPage(problem, advice);
  };
  const parameters = readParameters(query);
  if (parameters === undefined) {
    return refuse('invalid_request', 'This link is damaged.', startAgain);
  }
  const clientId = parameters.get('client_id') ?? '';
  const client = await parts.sealing.open<RegisteredClient>('client', clientId);
  if (client === undefined) {
    return refuse(
      'invalid_client',
      'This app is not registered here.',
      'Remove this server from your app, and add it again. The app then registers anew.',
    );
  }
  const redirectUri = parameters.get('redirect_uri') ?? '';
  const recipient = parts.findRecipient(redirectUri);
  const isRegistered =
    recipient !== undefined &&
    client.redirectUris.some((registered) => isSameAddress(redirectUri, registered));
  const isRepeated = ['client_id', 'redirect_uri'].some(parameters.isRepeated);
  if (recipient === undefined || !isRegistered || isRepeated) {
    return refuse(
      'invalid_redirect_uri',
      'The answer would go to an address that this app did not register.',
      'Do not use this link. Start the sign-in in your app.',
    );
  }
  // From here on, the client learns what is wrong.
  const scopes = readScopes(parameters.get('scope') ?? '', parts);
  const requested = parameters.get('scope') === undefined ? parts.defaultScopes : scopes;
  const fault = findFault(parameters, parts.resource);
  if (fault !== undefined || requested === undefined) {
    const [error, description] = fault ?? ['invalid_scope', 'This server has no such scope'];
    parts.report.refused('authorize', error);
    return answerClient(parts.issuer, redirectUri, parameters.get('state'), {
      error,
      error_description: description,
    });
  }
  const isNamed = (scope: string) => scope !== 'offline_access';
  const named = requested.filter(isNamed);
  const pending: PendingRequest = {
    client: await digestOf(clientId),
    redirectUri,
    state: parameters.get('state'),
    challenge: parameters.get('code_challenge') ?? '',
    resource: parts.resource,
    scopes: named.length === 0 ? parts.defaultScopes.filter(isNamed) : named,
    refreshes: client.refreshes,
  };
  const all = [...parts.scopes].filter(isNamed);
  // Entra and Cognito grant all that they may to a request that names none.
  const shown = pending.scopes.length === 0 ? all : pending.scopes;
  return consentPage({
    server: parts.serverName,
    recipient,
    redirectUri,
    scopes: shown,
    earlierScopes: parts.provider.addsEarlierScopes
      ? all.filter((each) => !shown.includes(each))
      : [],
    refreshes: pending.refreshes,
    claimedName: client.name,
    action: `${parts.issuer}/consent`,
    ticket: await parts.sealing.seal('consent', pending, lifeSeconds.consent),
    formTargets: formTargets(parts, redirectUri),
  });
}

const startAgain = 'Start the sign-in in your app again.';

/** Sends an answer to the client's redirect address, with our issuer (RFC 9207) and the client's own state. */
export function answerClient(
  issuer: string,
  redirectUri: string,
  state: string | undefined,
  answer: Readonly<Record<string, string>>,
  headers?: Readonly<Record<string, string>>,
): GateAnswer {
  return redirectAnswer(withParameters(redirectUri, { ...answer, state, iss: issuer }), headers);
}

function findFault(parameters: Parameters, resource: string): Fault | undefined {
  const { get, has, repeated, isRepeated } = parameters;
  if (isRepeated('resource')) return ['invalid_target', 'Only one resource'];
  if (repeated !== undefined) return ['invalid_request', 'A parameter is there twice'];
  if (has('request')) return ['request_not_supported', 'Send the parameters themselves'];
  if (has('request_uri')) return ['request_uri_not_supported', 'Send the parameters themselves'];
  if (get('response_type') !== 'code') {
    return ['unsupported_response_type', 'response_type must be code'];
  }
  if ((get('response_mode') ?? 'query') !== 'query') {
    return ['invalid_request', 'response_mode must be query'];
  }
  if (get('code_challenge_method') !== 'S256') {
    return ['invalid_request', 'code_challenge_method must be S256'];
  }
  if (!/^[A-Za-z0-9_-]{43}$/.test(get('code_challenge') ?? '')) {
    return ['invalid_request', 'code_challenge must be the S256 digest of a verifier'];
  }
  if ((get('state') ?? '').length > longestState) {
    return ['invalid_request', `state may have ${longestState} characters`];
  }
  // The person is always asked.
  if (get('prompt')?.split(' ').includes('none')) return ['interaction_required', 'Ask the person'];
  if (!isOwnResource(get('resource'), resource)) {
    return ['invalid_target', 'This server issues tokens for itself only'];
  }
  return undefined;
}

/**
 * Where the form may lead: browsers hold each step of the redirect chain against `form-action`. The chain goes to the
 * provider, back here, and on to the client.
 */
function formTargets(
  { provider, signInOrigins }: SignInParts,
  redirectUri: string,
): readonly string[] {
  const targets = [new URL(provider.authorizationEndpoint), new URL(redirectUri)].map(sourceOf);
  return [...new Set(["'self'", ...targets, ...signInOrigins])];
}

function sourceOf(url: URL): string {
  if (url.protocol === 'https:') return url.origin;
  // A policy cannot name an IPv6 address, and knows no origin of other schemes.
  const isNameable = isLoopback(url) && !url.hostname.startsWith('[');
  return isNameable ? url.origin : url.protocol;
}
