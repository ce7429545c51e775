/** What `oidc-provider` is told, so that it behaves as a provider that registers nobody. */
import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { type Configuration, errors } from 'oidc-provider';
import { createStore } from './stand-in-pages.ts';

interface Facts {
  readonly audience: string;
  readonly callback: string;
  readonly scopes: readonly string[];
  /** Begins each scope in a request, but not in a token. Empty except for Entra. */
  readonly prefix: string;
  readonly routes: { readonly authorization: string; readonly token: string };
  readonly clientId: string;
  /** Default: a public client. */
  readonly clientSecret?: string;
}

export async function configureStandIn({
  audience,
  callback,
  scopes,
  prefix,
  routes,
  clientId,
  clientSecret,
}: Facts): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    adapter: createStore(),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'a', alg: 'ES256', use: 'sig' }] },
    clients: [
      {
        client_id: clientId,
        redirect_uris: [callback],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        application_type: 'native',
        token_endpoint_auth_method: clientSecret === undefined ? 'none' : 'client_secret_basic',
        ...(clientSecret !== undefined && { client_secret: clientSecret }),
      },
    ],
    cookies: { keys: [randomBytes(16).toString('hex')] },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo(_context, indicator) {
          if (indicator !== audience) throw new errors.InvalidTarget('unknown resource');
          return {
            scope: scopes.map((scope) => prefix + scope).join(' '),
            audience,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 3_600,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    formats: {
      customizers: {
        jwt(_context, _token, jwt) {
          // As Entra: the scope alone, without the name of the API.
          const { scope } = jwt.payload as { scope?: string };
          if (prefix !== '' && scope !== undefined) {
            jwt.payload = { ...jwt.payload, scp: scope.replaceAll(prefix, '') };
          }
        },
      },
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: async () => true,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    routes,
    scopes: ['openid', 'offline_access'],
    ttl: {
      AccessToken: 3_600,
      Grant: 3_600,
      Interaction: 600,
      RefreshToken: 3_600,
      Session: 3_600,
    },
  };
}
