/** `/callback`: the one redirect address that the provider knows. */
import type { GateAnswer, GateRequest } from '@sallyport/mcp-adapter';
import type { OAuthErrorCode } from '../http/answers.ts';
import { readParameters } from '../http/parameters.ts';
import { errorPage } from '../page/page.ts';
import { isSame } from '../sealing/digest.ts';
import { type AllowedRequest, lifeSeconds, type SealedCode } from '../sealing/values.ts';
import { answerClient } from './authorize.ts';
import type { SignInParts } from './sign-in-parts.ts';

const startAgain = 'Start the sign-in in your app again.';
const longestCode = 8_192;

// What a client can act on. Everything else is between this server and the provider.
const passedOn: ReadonlyMap<string, readonly [OAuthErrorCode, string]> = new Map([
  ['access_denied', ['access_denied', 'the person said no, or may not sign in']],
  ['consent_required', ['access_denied', 'the provider needs the consent of an administrator']],
  ['login_required', ['login_required', 'the person must sign in']],
  ['interaction_required', ['interaction_required', 'the person must sign in']],
  ['temporarily_unavailable', ['temporarily_unavailable', 'the provider is busy']],
  ['invalid_scope', ['invalid_scope', 'the provider does not know a scope']],
  ['invalid_target', ['invalid_target', 'the provider does not know the resource']],
]);

// RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6. Whoever brings his own browser writes the query himself, so that
// no other word of it is reported.
const reported: ReadonlySet<string> = new Set([
  ...passedOn.keys(),
  ...['account_selection_required', 'invalid_request', 'request_not_supported', 'server_error'],
  ...['unauthorized_client', 'unsupported_response_type'],
]);

/** @param query The query as it came. */
export async function finishSignIn(
  parts: SignInParts,
  request: GateRequest,
  query: string,
): Promise<GateAnswer> {
  const refuse = (problem: string, detail: string, headers?: Readonly<Record<string, string>>) => {
    parts.report.refused('callback', 'invalid_request', detail);
    return errorPage(problem, startAgain, headers);
  };
  const parameters = readParameters(query);
  if (parameters === undefined || parameters.repeated !== undefined) {
    return refuse('This link is damaged.', 'the query is malformed');
  }
  const allowed = await parts.sealing.open<AllowedRequest>('state', parameters.get('state') ?? '');
  if (allowed === undefined) {
    return refuse(
      'This sign-in did not begin here, or it took too long.',
      'the state is unknown or has expired',
    );
  }
  const { flow, redirectUri, state } = allowed;
  const browser = parts.cookie.read(flow, request.field('cookie'));
  if (browser === undefined || !isSame(browser, allowed.browser)) {
    return refuse(
      'This sign-in began in another browser, or it has already ended.',
      'the cookie of the flow is missing',
    );
  }
  const headers = { 'Set-Cookie': parts.cookie.remove(flow) };
  const issuer = parameters.get('iss');
  if (issuer !== undefined && issuer !== parts.provider.issuer) {
    return refuse(
      'The answer came from another provider.',
      'iss is not the issuer of the provider',
      headers,
    );
  }
  if (parts.findRecipient(redirectUri) === undefined) {
    return refuse('This server does not allow this app.', 'the client is not allowed', headers);
  }
  const answer = (members: Readonly<Record<string, string>>) =>
    answerClient(parts.issuer, redirectUri, state, members, headers);
  const error = parameters.get('error');
  if (error !== undefined) {
    const known = passedOn.get(error);
    const [code, description] = known ?? ['server_error', 'the provider refused the sign-in'];
    if (known === undefined) parts.report.failed('callback', describeError(error));
    else parts.report.refused('callback', code, describeError(error));
    return answer({ error: code, error_description: description });
  }
  const code = parameters.get('code') ?? '';
  if (code === '' || code.length > longestCode) {
    parts.report.failed('callback', 'the provider sent no code');
    return answer({ error: 'server_error', error_description: 'the provider sent no code' });
  }
  const { client, challenge, resource, scopes, refreshes } = allowed;
  const sealedCode: SealedCode = {
    ...{ client, redirectUri, challenge, resource, scopes, refreshes },
    code,
  };
  return answer({ code: await parts.sealing.seal('code', sealedCode, lifeSeconds.code) });
}

function describeError(error: string): string {
  return reported.has(error) ? `the provider answered ${error}` : 'an unknown error';
}
