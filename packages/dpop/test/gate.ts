/** An MCP endpoint behind the gate, on a real socket, with tokens of a real authorization server. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AuditEvent,
  createGuard,
  createScopePolicy,
  detectEnvironment,
  Secret,
  type SenderConstraint,
  type TokenVerifier,
} from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { type AccessTokenFormat, startAuthorizationServer } from '@sallyport/testing';
import { clientSecretBasic, createIntrospectionVerifier } from '@sallyport/verifier-introspection';
import { createJwtVerifier, remoteJwks } from '@sallyport/verifier-jwt';
import * as oauth from 'oauth4webapi';
import { onTestFinished } from 'vitest';

const environment = detectEnvironment({ ENVIRONMENT: 'test' });
const clientId = 'machine';
const clientSecret = 'Qs4T6u1kJ8s-3Gq0_vVb7Yx2LmN5pRtUwZaCdEfHiKo';

/** What the server behind the gate got to see. */
export interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly raw: readonly string[];
  readonly scopes: readonly string[];
}

export async function startGate(
  senderConstraints: readonly SenderConstraint[],
  accessTokenFormat: AccessTokenFormat = 'jwt',
) {
  const events: AuditEvent[] = [];
  const seen: Seen[] = [];
  // The resource names the port, so it is known only when the socket is.
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const resource = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;

  const issuer = await startAuthorizationServer({
    resources: [{ resource, scopes: ['notes:read', 'notes:write'], accessTokenFormat }],
    clients: [{ clientId, clientSecret }],
  });
  const verifier = createVerifier();
  const guard = createGuard({
    verifier,
    rateLimiter: createMemoryRateLimiter({ maximumAttempts: 1_000 }),
    audit: { emit: (event) => events.push(event) },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes: [],
    initialScopes: ['notes:read'],
    senderConstraints,
  });
  const gate = createMcpGate({
    resource,
    authorizationServers: [issuer.issuer],
    guard,
    scopes: { tools: { read: ['notes:read'], admin: ['notes:admin'] } },
  });
  const handle = nodeGate(gate, ({ headers, rawHeaders, auth }, response) => {
    seen.push({ headers, raw: rawHeaders, scopes: auth?.scopes ?? [] });
    response.end('{}');
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await guard.close();
    await issuer.stop();
  });

  function createVerifier(): TokenVerifier {
    if (accessTokenFormat === 'jwt') {
      return createJwtVerifier({
        issuer: issuer.issuer,
        audience: resource,
        algorithms: ['RS256'],
        keys: remoteJwks({ url: issuer.jwksUri, environment }),
      });
    }
    return createIntrospectionVerifier({
      url: issuer.introspectionUrl,
      issuer: issuer.issuer,
      audience: resource,
      environment,
      clientAuthentication: clientSecretBasic({ clientId, secret: new Secret(clientSecret) }),
    });
  }

  return { resource, issuer, gate, events, seen };
}

/** A client that gets its tokens from the server of the gate, bound to its key where it has one. */
export async function createClient(
  { issuer, resource }: Awaited<ReturnType<typeof startGate>>,
  pair?: Awaited<ReturnType<typeof oauth.generateKeyPair>>,
) {
  const insecure = { [oauth.allowInsecureRequests]: true };
  const discovery = await oauth.discoveryRequest(new URL(issuer.issuer), insecure);
  const as = await oauth.processDiscoveryResponse(new URL(issuer.issuer), discovery);
  const client: oauth.Client = { client_id: clientId };
  const DPoP = pair && oauth.DPoP(client, pair);
  const response = await oauth.clientCredentialsGrantRequest(
    as,
    client,
    oauth.ClientSecretBasic(clientSecret),
    { scope: 'notes:read', resource },
    { ...insecure, ...(DPoP && { DPoP }) },
  );
  const granted = await oauth.processClientCredentialsResponse(as, client, response);

  return {
    as,
    token: granted.access_token,
    tokenType: granted.token_type,
    DPoP,
    call: (tool: string, proof = DPoP) =>
      oauth.protectedResourceRequest(
        granted.access_token,
        'POST',
        new URL(resource),
        new Headers({ 'Content-Type': 'application/json' }),
        JSON.stringify(toolCall(tool)),
        { ...insecure, ...(proof && { DPoP: proof }) },
      ),
  };
}

export const toolCall = (name: string) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: {} },
});
