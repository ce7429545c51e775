/** `/consent`: takes the person's answer. After yes, the browser goes on to the provider. */
import type { GateAnswer, GateRequest } from '@sallyport/mcp-adapter';
import { withParameters } from '../clients/redirect-address.ts';
import { redirectAnswer } from '../http/answers.ts';
import { readForm } from '../http/read-body.ts';
import { errorPage } from '../page/page.ts';
import { randomId } from '../sealing/digest.ts';
import { type AllowedRequest, lifeSeconds, type PendingRequest } from '../sealing/values.ts';
import { answerClient } from './authorize.ts';
import { callbackUrl, type SignInParts } from './sign-in-parts.ts';

const startAgain = 'Start the sign-in in your app again.';

export async function takeConsent(parts: SignInParts, request: GateRequest): Promise<GateAnswer> {
  const refuse = (problem: string, detail: string, status = 400) => {
    parts.report.refused('consent', 'invalid_request', detail);
    return errorPage(problem, startAgain, {}, status);
  };
  if (!isOwnPage(request, new URL(parts.issuer).origin)) {
    return refuse('Another page sent this form.', 'the form came from another page', 403);
  }
  const form = await readForm(request);
  if (!form.ok || form.value.repeated !== undefined) {
    return refuse('This form is damaged.', 'the form is malformed');
  }
  const ticket = form.value.get('request') ?? '';
  const pending = await parts.sealing.open<PendingRequest>('consent', ticket);
  if (pending === undefined) return refuse('This page is too old.', 'the form has expired');
  const { redirectUri, state, challenge, resource, scopes, refreshes } = pending;
  if (parts.findRecipient(redirectUri) === undefined) {
    return refuse('This server does not allow this app.', 'the client is no longer allowed');
  }
  const decision = form.value.get('decision');
  if (decision === 'deny') {
    return answerClient(parts.issuer, redirectUri, state, {
      error: 'access_denied',
      error_description: 'the person said no',
    });
  }
  if (decision !== 'allow') return refuse('This form is damaged.', 'the form has no decision');

  const allowed: AllowedRequest = { ...pending, flow: randomId(), browser: randomId() };
  const { provider, clientId, cookie } = parts;
  const requested = provider.requestScopes(scopes, refreshes).join(' ');
  const location = withParameters(provider.authorizationEndpoint, {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callbackUrl(parts),
    ...(requested !== '' && { scope: requested }),
    state: await parts.sealing.seal('state', allowed, lifeSeconds.state),
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...provider.authorizationParameters(resource),
  });
  return redirectAnswer(location, {
    'Set-Cookie': cookie.set(allowed.flow, allowed.browser, lifeSeconds.state),
  });
}

/** Browsers say which page sends a form. A form of a page that is unknown is refused. */
function isOwnPage(request: GateRequest, ownOrigin: string): boolean {
  const origins = request.field('origin');
  const site = request.field('sec-fetch-site').join(', ');
  if (site !== '' && site !== 'same-origin') return false;
  return origins.length === 0 ? site === 'same-origin' : origins.join(', ') === ownOrigin;
}
