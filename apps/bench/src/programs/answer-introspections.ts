/** The authorization server of the measurement, in a separate process. It accepts every token. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { audience, issuerName } from '../tokens/tokens.ts';

const body = JSON.stringify({
  active: true,
  iss: issuerName,
  aud: audience,
  sub: 'user-1',
  client_id: 'notes-client',
  scope: 'notes:read notes:write offline_access',
  token_type: 'Bearer',
  exp: Math.floor(Date.now() / 1_000) + 3_600,
});
const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, headers).end(body));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('disconnect', () => process.exit());
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/introspect`);
