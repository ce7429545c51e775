/** The contract of every verifier, with real opaque tokens and a server that says the rest. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  contractNowSeconds,
  contractThumbprint,
  describeTokenVerifier,
} from '@sallyport/contract-tests';
import { afterAll } from 'vitest';
import { createIntrospectionVerifier, noClientAuthentication } from '../src/index.ts';
import { environment, resource } from './fixture.ts';

const issuer = 'https://auth.example.com';
const good = {
  active: true,
  iss: issuer,
  aud: resource,
  sub: 'user-1',
  client_id: 'client-1',
  scope: 'notes:read',
  exp: contractNowSeconds + 300,
};
// What the server says of each token that it knows.
const answers = new Map<string, object>(
  Object.entries({
    'opaque-valid-token-1': good,
    'opaque-expired-token': { ...good, exp: contractNowSeconds - 3_600 },
    'opaque-not-yet-token': { ...good, nbf: contractNowSeconds + 3_600 },
    'opaque-other-issuer-token': { ...good, iss: 'https://evil.example.com' },
    'opaque-other-audience-token': { ...good, aud: 'https://other.example.com/mcp' },
    'opaque-without-audience-token': { ...good, aud: undefined },
    'opaque-bound-token': { ...good, token_type: 'DPoP', cnf: { jkt: contractThumbprint } },
  }),
);

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const token = new URLSearchParams(body).get('token') ?? '';
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answers.get(token) ?? { active: false }));
  });
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as AddressInfo;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const create = (url: string) =>
  createIntrospectionVerifier({
    url,
    issuer,
    audience: resource,
    environment,
    clientAuthentication: noClientAuthentication(),
  });

describeTokenVerifier({
  create: () => create(`http://127.0.0.1:${port}/introspect`),
  // Nothing listens there: connecting is refused at once.
  upstream: {
    kind: 'every token',
    createWithOutage: () => create('http://127.0.0.1:9/introspect'),
  },
  tokens: {
    valid: async () => 'opaque-valid-token-1',
    garbage: async () => 'opaque-garbage-token',
    tampered: async () => 'opaque-valid-token-2',
    expired: async () => 'opaque-expired-token',
    notYetValid: async () => 'opaque-not-yet-token',
    otherIssuer: async () => 'opaque-other-issuer-token',
    otherAudience: async () => 'opaque-other-audience-token',
    withoutAudience: async () => 'opaque-without-audience-token',
    senderConstrained: async () => 'opaque-bound-token',
  },
  validUntilSeconds: good.exp,
});
