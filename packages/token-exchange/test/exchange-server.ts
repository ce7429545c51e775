/** A real authorization server (oidc-provider) with a grant for token exchange, on a socket. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import Provider, { errors } from 'oidc-provider';

export const notes = 'https://notes.example.com/mcp';
export const crm = 'https://crm.example.com';
export const ledger = 'https://ledger.example.com';
export const clientSecret = 'p:%+ of the notes server';
const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';

export interface ExchangeServer {
  readonly issuer: string;
  readonly url: string;
  readonly jwksUri: string;
  /** How often a token was exchanged, or tried to be. */
  readonly asked: () => number;
  /** A token of alice's for the notes server. */
  issueToken(lifetimeSeconds?: number): Promise<string>;
  stop(): Promise<void>;
}

export async function startExchangeServer(): Promise<ExchangeServer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const about = { alg: 'ES256', use: 'sig', kid: 'k1' };
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), ...about }] });
  const http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const describe = (audience: string, accessTokenTTL = 300) => ({
    audience,
    scope: 'contacts:read',
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL,
    jwt: { sign: { alg: 'ES256' as const } },
  });
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), ...about }] },
    clients: [
      {
        client_id: 'notes-server',
        client_secret: clientSecret,
        grant_types: [grantType],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    features: { devInteractions: { enabled: false } },
  });
  let asked = 0;

  async function mint(subject: string, resource: string, lifetimeSeconds?: number) {
    const client = await provider.Client.find('notes-server');
    if (client === undefined) throw new Error('no client');
    const token = new provider.AccessToken({
      accountId: subject,
      client,
      scope: 'contacts:read',
      gty: grantType,
    } as ConstructorParameters<typeof provider.AccessToken>[0]);
    token.resourceServer = new provider.ResourceServer(
      resource,
      describe(resource, lifetimeSeconds),
    );
    token.setAudience?.(resource);
    return token.save();
  }

  provider.registerGrantType(
    grantType,
    async (context) => {
      asked += 1;
      const { subject_token: given, resource } = context.oidc.params as Record<string, string>;
      const verified = await jwtVerify(String(given), keys, { issuer, audience: notes }).catch(
        () => {
          throw new errors.InvalidRequest('the subject token is not valid');
        },
      );
      if (resource !== crm && resource !== ledger) throw new errors.InvalidTarget();
      context.body = {
        access_token: await mint(String(verified.payload.sub), resource),
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'contacts:read',
      };
    },
    [
      'subject_token',
      'subject_token_type',
      'requested_token_type',
      'resource',
      'audience',
      'scope',
    ],
  );
  http.on('request', provider.callback());
  return {
    issuer,
    url: `${issuer}/token`,
    jwksUri: `${issuer}/jwks`,
    asked: () => asked,
    issueToken: (lifetimeSeconds = 3_600) => mint('alice', notes, lifetimeSeconds),

    async stop() {
      http.closeAllConnections();
      http.close();
    },
  };
}
