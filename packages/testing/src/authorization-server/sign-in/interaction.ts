import { text } from 'node:stream/consumers';
import type { Provider } from 'oidc-provider';
import type { AccessRules } from '../access-rules.ts';
import { accountScopes } from '../registration.ts';
import type { Settings } from '../settings.ts';
import { isForwarded, isOwnForm } from './cross-site.ts';
import { type ConsentPage, pageHeaders, renderConsentPage, renderErrorPage } from './pages.ts';
import { isLocalRedirect } from './redirect-uri.ts';

type Middleware = Parameters<Provider['use']>[0];
type Context = Parameters<Middleware>[0];
type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

const longestSubject = 200;

/** The path of the consent page of one interaction. */
export function interactionPath(uid: string): string {
  return `/interaction/${uid}`;
}

/**
 * Answers the consent page and its form. Only this page can submit the form: browsers send its
 * `Origin`, and oidc-provider's interaction cookie is bound to this path and `SameSite=Lax`.
 */
export function createInteractionMiddleware(
  provider: Provider,
  rules: AccessRules,
  { consent, subject, clients }: Settings,
): Middleware {
  const knownClients = new Set(clients.map(({ clientId }) => clientId));

  /** A website that registered itself always needs a person: it would get the code. */
  function isAutomatic({ clientId, redirectUri }: ConsentPage): boolean {
    return consent === 'automatic' && (knownClients.has(clientId) || isLocalRedirect(redirectUri));
  }

  async function answer(context: Context): Promise<void> {
    const interaction = await provider.interactionDetails(context.req, context.res);
    const hint = interaction.params['login_hint'];
    const proposed =
      interaction.session?.accountId ?? (typeof hint === 'string' && hint !== '' ? hint : subject);
    const page = await describe(provider, rules, interaction, proposed);

    // A tunnel brings strangers to the loopback address: they must click.
    const isAsked = isForwarded(context.req) || !isAutomatic(page);
    if (!isAsked) return leave(context, await allow(interaction, page, proposed));
    if (context.method !== 'POST') {
      context.type = 'html';
      context.body = renderConsentPage(page);
      return;
    }
    if (!isOwnForm(context.req)) {
      context.status = 403;
      context.type = 'html';
      context.body = renderErrorPage('invalid_request', 'Another page sent this form.');
      return;
    }
    const form = new URLSearchParams(await text(context.req));
    const signedIn = form.get('subject')?.trim().slice(0, longestSubject) || proposed;
    const isAllowed = form.get('decision') === 'allow';
    leave(context, isAllowed ? await allow(interaction, page, signedIn) : await deny(interaction));
  }

  async function allow(
    interaction: Interaction,
    { clientId, access, accountScopes: account }: ConsentPage,
    accountId: string,
  ): Promise<string> {
    const existing =
      interaction.grantId === undefined
        ? undefined
        : await provider.Grant.find(interaction.grantId);
    const grant =
      existing?.accountId === accountId ? existing : new provider.Grant({ accountId, clientId });
    if (account.length > 0) grant.addOIDCScope([...account]);
    for (const { resource, scopes } of access) {
      if (scopes.length > 0) grant.addResourceScope(resource, [...scopes]);
    }
    await switchAccount(interaction, accountId);
    interaction.result = { login: { accountId }, consent: { grantId: await grant.save() } };
    await interaction.persist();
    return interaction.returnTo;
  }

  /** Another person at the same browser: their own session, without the grants of the first. */
  async function switchAccount({ session }: Interaction, accountId: string): Promise<void> {
    if (session === undefined || session.accountId === accountId) return;
    const current = await provider.Session.findByUid(session.uid);
    if (current === undefined) return;
    current.accountId = accountId;
    current.authorizations = {};
    await current.persist();
    session.accountId = accountId;
  }

  return async (context, next) => {
    if (!context.path.startsWith(interactionPath(''))) return next();
    context.set({ ...pageHeaders });
    try {
      await answer(context);
    } catch (error) {
      // An interaction that is over, or not of this browser.
      if (!(error instanceof Error && error.name === 'SessionNotFound')) throw error;
      context.status = 400;
      context.type = 'html';
      context.body = renderErrorPage('invalid_request', 'This request has ended. Start again.');
    }
  };
}

async function describe(
  provider: Provider,
  rules: AccessRules,
  { params, uid }: Interaction,
  subject: string,
): Promise<ConsentPage> {
  const clientId = String(params['client_id']);
  const client = await provider.Client.find(clientId);
  const requested = String(params['scope'] ?? '').split(' ');
  const indicators = [params['resource'] ?? []].flat().map(String);
  const access = indicators.map((resource) => {
    const found = rules.find(resource);
    const scopes = found === undefined ? [] : rules.scopesFor(found, clientId);
    return { resource, scopes: scopes.filter((scope) => requested.includes(scope)) };
  });

  return {
    action: interactionPath(uid),
    clientId,
    clientName: client?.clientName ?? clientId,
    redirectUri: String(params['redirect_uri']),
    subject,
    access,
    accountScopes: accountScopes.filter((scope) => requested.includes(scope)),
  };
}

async function deny(interaction: Interaction): Promise<string> {
  interaction.result = { error: 'access_denied', error_description: 'the person said no' };
  await interaction.persist();
  return interaction.returnTo;
}

function leave(context: Context, location: string): void {
  context.redirect(location);
  context.status = 303;
}
