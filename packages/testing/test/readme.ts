import { authorizeHeadlessly, startAuthorizationServer } from '@sallyport/testing';

const server = await startAuthorizationServer({
  resources: [{ resource: 'http://127.0.0.1:8000/mcp', scopes: ['notes:read', 'notes:write'] }],
});

// A client registers itself, and a person allows it to read.
const registration = await fetch(server.registrationUrl, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({
    client_name: 'Example',
    redirect_uris: ['http://localhost:1234/callback'],
    token_endpoint_auth_method: 'none',
  }),
});
const { client_id: clientId } = (await registration.json()) as { client_id: string };
const url = new URL(server.authorizationUrl);
url.search = new URLSearchParams({
  client_id: clientId,
  redirect_uri: 'http://localhost:1234/callback',
  response_type: 'code',
  scope: 'notes:read',
  resource: 'http://127.0.0.1:8000/mcp',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}).toString();
export const answer = await authorizeHeadlessly(url, { subject: 'ada' });

// Tokens without the dance: a good one, an expired one, and one after a key rotation.
export const good = await server.issueToken({ scopes: ['notes:read'], subject: 'ada' });
export const expired = await server.mintToken({ exp: Math.floor(Date.now() / 1_000) - 60 });
await server.rotateKeys();
export const rotated = await server.mintToken();

// The keys cannot be fetched for a while.
server.fault('/jwks', { kind: 'status', status: 503 });
export const { status } = await fetch(server.jwksUri);

await server.stop();
