/** A real TLS proxy in front of a real gate: what `nginx` does with `ssl_verify_client optional_no_ca`. */
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { createServer as createTlsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import {
  type AuditEvent,
  createGuard,
  createScopePolicy,
  detectEnvironment,
  type SenderConstraint,
} from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { startAuthorizationServer } from '@sallyport/testing';
import { createJwtVerifier, remoteJwks } from '@sallyport/verifier-jwt';
import { expect, it, onTestFinished } from 'vitest';
import { createMtlsConstraint } from '../src/index.ts';
import { client, other, server } from './certificates.ts';

const resource = 'https://mcp.example.com/mcp';
const thumbprintOf = ({ cert }: { cert: string }) =>
  createHash('sha256').update(new X509Certificate(cert).raw).digest('base64url');

async function listen(listener: Server): Promise<number> {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return (listener.address() as AddressInfo).port;
}

/** Ends TLS, and puts the certificate of the client where its own word was. */
function createProxy(backend: number): Server {
  const tls = { ...server, requestCert: true, rejectUnauthorized: false };
  return createTlsServer(tls, (request, response) => {
    const { raw } = (request.socket as TLSSocket).getPeerCertificate();
    const { 'client-cert': _own, ...headers } = request.headers;
    const shown = raw && { 'Client-Cert': `:${raw.toString('base64')}:` };
    const onward = httpRequest({
      port: backend,
      path: request.url,
      method: request.method,
      headers: { ...headers, ...shown },
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
}

async function start(constraints: readonly SenderConstraint[]) {
  const events: AuditEvent[] = [];
  const issuer = await startAuthorizationServer({
    resources: [{ resource, scopes: ['notes:read'] }],
  });
  const environment = detectEnvironment({ ENVIRONMENT: 'test' });
  const guard = createGuard({
    verifier: createJwtVerifier({
      issuer: issuer.issuer,
      audience: resource,
      algorithms: ['RS256'],
      keys: remoteJwks({ url: issuer.jwksUri, environment }),
    }),
    rateLimiter: createMemoryRateLimiter({ maximumAttempts: 1_000 }),
    audit: { emit: (event) => events.push(event) },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes: [],
    senderConstraints: constraints,
  });
  const gate = createMcpGate({
    resource,
    authorizationServers: [issuer.issuer],
    guard,
    scopes: { tools: { read: ['notes:read'] } },
  });
  const backend = createServer(nodeGate(gate, (_request, response) => void response.end('{}')));
  const proxy = createProxy(await listen(backend));
  const port = await listen(proxy);
  onTestFinished(async () => {
    backend.closeAllConnections();
    backend.close();
    proxy.close();
    await guard.close();
    await issuer.stop();
  });

  async function call(
    path: string,
    headers: Readonly<Record<string, string>>,
    held?: { cert: string; key: string },
  ): Promise<{ status: number | undefined; text: string }> {
    const sent = httpsRequest({ port, path, headers, ca: server.cert, agent: false, ...held });
    sent.end();
    const [answer] = await once(sent, 'response');
    let text = '';
    for await (const chunk of answer) text += chunk;
    return { status: answer.statusCode, text };
  }

  return { issuer, events, call };
}

const mtls = (required = false) =>
  createMtlsConstraint({
    header: 'Client-Cert',
    format: 'rfc9440',
    proxyReplacesHeader: true,
    required,
  });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

it('lets in who holds the certificate that the token is bound to, and nobody else', async () => {
  const { issuer, events, call } = await start([mtls()]);
  const token = await issuer.mintToken({ cnf: { 'x5t#S256': thumbprintOf(client) } });
  const der = new X509Certificate(client.cert).raw.toString('base64');
  const claimed = { ...bearer(token), 'Client-Cert': `:${der}:` };

  expect((await call('/mcp', bearer(token), client)).status).toBe(200);
  expect((await call('/mcp', bearer(token), other)).status).toBe(401);
  expect((await call('/mcp', bearer(token))).status).toBe(401);
  // To say so is not to hold it.
  expect((await call('/mcp', claimed, other)).status).toBe(401);
  expect((await call('/mcp', claimed)).status).toBe(401);
  expect(events.filter(({ event }) => event === 'refused').map(({ detail }) => detail)).toEqual([
    'another client certificate',
    'no client certificate',
    'another client certificate',
    'no client certificate',
  ]);
});

it('takes bearer tokens besides, unless bound ones are required', async () => {
  const optional = await start([mtls()]);
  const required = await start([mtls(true)]);
  const plain = bearer(await required.issuer.mintToken());
  const bound = bearer(
    await required.issuer.mintToken({ cnf: { 'x5t#S256': thumbprintOf(client) } }),
  );

  expect((await optional.call('/mcp', bearer(await optional.issuer.mintToken()))).status).toBe(200);
  expect((await required.call('/mcp', plain, client)).status).toBe(401);
  expect((await required.call('/mcp', bound, client)).status).toBe(200);
});

it('refuses bound tokens where no certificate is asked for, as ever (CLM-17)', async () => {
  const { issuer, call } = await start([]);
  const token = await issuer.mintToken({ cnf: { 'x5t#S256': thumbprintOf(client) } });

  expect((await call('/mcp', bearer(token), client)).status).toBe(401);
});

it('publishes that it takes them (RFC 9728 §2)', async () => {
  const { call } = await start([mtls()]);
  const { text } = await call('/.well-known/oauth-protected-resource/mcp', {});

  expect(JSON.parse(text)).toMatchObject({ tls_client_certificate_bound_access_tokens: true });
});
