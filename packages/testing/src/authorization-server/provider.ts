import type { EventEmitter } from 'node:events';
import type { AdapterFactory, Configuration } from 'oidc-provider';
import { errors, Provider } from 'oidc-provider';
import { type AccessRules, defaultAccessTokenTtlSeconds, settleScope } from './access-rules.ts';
import {
  accountScopes,
  adaptRegistration,
  registeredScope,
  toClientMetadata,
} from './registration.ts';
import type { Settings } from './settings.ts';
import { createInteractionMiddleware, interactionPath } from './sign-in/interaction.ts';
import { pageHeaders, renderErrorPage } from './sign-in/pages.ts';
import type { SigningKey } from './signing-key.ts';

/** Where the endpoints are. */
export const paths = {
  authorization: '/authorize',
  token: '/token',
  jwks: '/jwks',
  registration: '/register',
  introspection: '/introspect',
  revocation: '/revoke',
  userinfo: '/userinfo',
  pushed_authorization_request: '/par',
} as const;

/** What a provider is made of. All but the keys outlives a key rotation. */
export interface ProviderParts {
  readonly issuer: string;
  readonly settings: Settings;
  readonly rules: AccessRules;
  readonly store: AdapterFactory;
  readonly cookieKey: string;
  /** The first one signs. All are published. */
  readonly keys: readonly SigningKey[];
}

const minute = 60;
const day = 24 * 60 * minute;

/** Builds the provider that answers every request but the faulty ones. */
export function createProvider(parts: ProviderParts): Provider {
  const { issuer, settings, rules } = parts;
  const provider = new Provider(issuer, toConfiguration(parts));
  const { onError } = settings;
  const events: EventEmitter = provider;
  // Without a listener, Koa prints.
  events.on('error', onError);
  provider.on('server_error', (_context, error) => onError(error));
  provider.use(createInteractionMiddleware(provider, rules, settings));
  provider.use(createMetadataMiddleware(rules));
  return provider;
}

function createMetadataMiddleware(rules: AccessRules): Parameters<Provider['use']>[0] {
  return async (context, next) => {
    const isRegistration = context.path === paths.registration;
    // Pages of this machine register, too: oidc-provider has CORS for every other endpoint they need.
    if (isRegistration) {
      context.vary('Origin');
      context.set('Access-Control-Allow-Origin', context.get('Origin') || '*');
    }
    if (isRegistration && context.method === 'OPTIONS') {
      context.set('Access-Control-Allow-Methods', 'POST');
      context.set('Access-Control-Allow-Headers', 'Content-Type, MCP-Protocol-Version');
      context.status = 204;
      return;
    }
    await next();
    const { body } = context;
    if (typeof body !== 'object' || body === null) return;
    if (isRegistration && registeredScope in body) {
      const { [registeredScope]: scope, ...metadata } = body;
      context.body = { ...metadata, scope };
    } else if ('scopes_supported' in body) {
      context.body = { ...body, scopes_supported: [...rules.knownScopes] };
    }
  };
}

function toConfiguration({
  settings,
  rules,
  store,
  cookieKey,
  keys,
  issuer,
}: ProviderParts): Configuration {
  const { clients, algorithm } = settings;
  const { port } = new URL(issuer);

  return {
    adapter: store,
    clients: clients.map(toClientMetadata),
    clientDefaults: { id_token_signed_response_alg: algorithm },
    // The front door has refused every page that this machine does not serve.
    clientBasedCORS: () => true,
    cookies: {
      keys: [cookieKey],
      // Cookies know no ports: without this, servers on one host would overwrite each other's.
      names: {
        session: `session_${port}`,
        interaction: `interaction_${port}`,
        resume: `resume_${port}`,
      },
    },
    expiresWithSession: () => false,
    extraClientMetadata: {
      properties: [registeredScope],
      validator(context, _key, _value, metadata) {
        // Without a context it is a client that was registered before.
        if (context === undefined) return;
        const { body } = context.oidc;
        adaptRegistration(metadata, {
          isTypeGiven: body?.['application_type'] !== undefined,
          knownScopes: rules.knownScopes,
        });
      },
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_context, client, token) =>
          client.clientAuthMethod !== 'none' || token.clientId === client.clientId,
      },
      registration: { enabled: true, issueRegistrationAccessToken: false },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        defaultResource({ oidc: { params } }, _client, oneOf) {
          if (oneOf !== undefined) return oneOf;
          const scope = params?.['scope'];
          const isForAccount =
            typeof scope === 'string' &&
            scope.split(' ').every((name) => accountScopes.includes(name));
          return isForAccount ? [] : rules.defaultResource;
        },
        getResourceServerInfo(context, indicator, { clientId }) {
          const resource = rules.find(indicator);
          if (resource === undefined) throw new errors.InvalidTarget('unknown resource');
          settleScope(context, rules.scopesFor(resource, clientId));
          return rules.describe(resource, clientId);
        },
      },
      revocation: {
        enabled: true,
        // RFC 7009 §2.1: a client revokes what was issued to itself.
        allowedPolicy: (_context, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: false },
    },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_context, { uid }) => interactionPath(uid) },
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    jwks: { keys: keys.map((key) => ({ ...key }) as Record<string, unknown>) },
    pkce: { required: () => true },
    renderError(context, { error, error_description: description }) {
      context.set({ ...pageHeaders });
      context.type = 'html';
      context.body = renderErrorPage(error, description);
    },
    responseTypes: ['code'],
    rotateRefreshToken: true,
    routes: paths,
    scopes: accountScopes,
    ttl: {
      AccessToken: (_context, { resourceServer }) =>
        resourceServer?.accessTokenTTL ?? defaultAccessTokenTtlSeconds,
      ClientCredentials: (_context, { resourceServer }) =>
        resourceServer?.accessTokenTTL ?? defaultAccessTokenTtlSeconds,
      AuthorizationCode: minute,
      IdToken: 60 * minute,
      Interaction: 60 * minute,
      Grant: 14 * day,
      RefreshToken: 14 * day,
      Session: 14 * day,
    },
  };
}
