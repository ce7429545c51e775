import type { AdapterFactory, Provider } from 'oidc-provider';
import type { AccessRules } from './access-rules.ts';
import type { IssueTokenOptions } from './options.ts';

/** The client of tokens that name no other. */
export const defaultClientId = 'sallyport-testing';

/** What issues a token. */
export interface TokenIssuer {
  readonly provider: Provider;
  readonly rules: AccessRules;
  readonly store: AdapterFactory;
}

/** Issues a token through oidc-provider's models, as its token endpoint does. */
export async function issueToken(
  { provider, rules, store }: TokenIssuer,
  options: IssueTokenOptions & { readonly subject: string },
): Promise<string> {
  const { scopes, resource = rules.defaultResource, clientId = defaultClientId, subject } = options;
  const { grantType = 'authorization_code', format } = options;
  const found = rules.find(resource);
  if (found === undefined) throw new TypeError(`resource: ${resource} is not one of the server's`);
  const available = rules.scopesFor(found, clientId);
  const unknown = scopes.filter((scope) => !available.includes(scope));
  if (unknown.length > 0) {
    throw new TypeError(`scopes: ${unknown.join(' ')} cannot be had at ${resource}`);
  }
  const client = await findOrRegister(provider, store, clientId);
  const scope = scopes.join(' ');
  const server = new provider.ResourceServer(
    found.resource,
    rules.describe(found, clientId, format),
  );
  if (grantType === 'client_credentials') {
    return new provider.ClientCredentials({ client, scope, resourceServer: server }).save();
  }
  // Introspection looks for the grant behind a person's token.
  const grant = new provider.Grant({ accountId: subject, clientId });
  if (scope !== '') grant.addResourceScope(found.resource, scope);
  return new provider.AccessToken({
    accountId: subject,
    client,
    grantId: await grant.save(),
    gty: grantType,
    resourceServer: server,
    scope,
  }).save();
}

async function findOrRegister(provider: Provider, store: AdapterFactory, clientId: string) {
  const known = await provider.Client.find(clientId);
  if (known !== undefined) return known;
  await store('Client').upsert(clientId, {
    client_id: clientId,
    client_name: clientId,
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['http://127.0.0.1/callback'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  });
  const registered = await provider.Client.find(clientId);
  if (registered === undefined) throw new Error(`client ${clientId} could not be registered`);
  return registered;
}
