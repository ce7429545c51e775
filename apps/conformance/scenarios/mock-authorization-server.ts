import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** The port of the authorization server, if the runner does not say another one. */
export const defaultAuthorizationServerPort = 9797;

/** Claims to change. `undefined` leaves a claim out. */
export type ClaimChanges = Readonly<Record<string, unknown>>;

export interface MockAuthorizationServer {
  readonly issuer: string;
  /** Signs an access token (RFC 9068) that is good for `audience`, apart from the changes. */
  issueToken(audience: string, scope: string, changes?: ClaimChanges): Promise<string>;
  /** The same, signed with a key that is not published. */
  issueForgedToken(audience: string, scope: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts an authorization server that publishes its metadata (RFC 8414) and one signing key, for as long as a scenario
 * runs.
 */
export async function startMockAuthorizationServer(port: number): Promise<MockAuthorizationServer> {
  const issuer = `http://127.0.0.1:${port}`;
  const kid = crypto.randomUUID();
  const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid, alg: 'RS256', use: 'sig' };
  const documents: Readonly<Record<string, object>> = {
    '/.well-known/oauth-authorization-server': {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
    },
    '/jwks': { keys: [jwk] },
  };
  const server = createServer((request, response) => {
    const document = documents[request.url ?? ''];
    response.writeHead(document === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(document ?? { error: 'not_found' }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });

  const sign = (
    key: typeof own.privateKey,
    audience: string,
    scope: string,
    changes: ClaimChanges = {},
  ) => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: issuer,
      aud: audience,
      sub: 'suite-user',
      client_id: 'suite-client',
      jti: crypto.randomUUID(),
      iat: now,
      exp: now + 300,
      scope,
      ...changes,
    };
    const header = { alg: 'RS256', kid, typ: 'at+jwt' };
    return new SignJWT(claims).setProtectedHeader(header).sign(key);
  };
  return {
    issuer,
    issueToken: (audience, scope, changes) => sign(own.privateKey, audience, scope, changes),
    issueForgedToken: (audience, scope) => sign(foreign.privateKey, audience, scope),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
