/** A process of its own: whatever is printed, and whatever keeps it from ending, is a fault. */
import { authorizeHeadlessly, startAuthorizationServer } from '@sallyport/testing';

for (const algorithm of ['RS256', 'PS256', 'ES256', 'EdDSA'] as const) {
  const server = await startAuthorizationServer({ algorithm });
  const token = await server.issueToken({ scopes: ['notes:read'], format: 'opaque' });
  await server.rotateKeys();
  const url = new URL(server.authorizationUrl);
  url.search = new URLSearchParams({
    client_id: 'sallyport-testing',
    redirect_uri: 'http://127.0.0.1/callback',
    response_type: 'code',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }).toString();
  const code = (await authorizeHeadlessly(url)).searchParams.get('code') ?? '';
  const requests: [string, Record<string, string>][] = [
    [
      server.tokenUrl,
      {
        grant_type: 'authorization_code',
        code,
        code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
        redirect_uri: 'http://127.0.0.1/callback',
      },
    ],
    [server.introspectionUrl, { token }],
    [server.revocationUrl, { token }],
    [server.tokenUrl, { grant_type: 'nonsense' }],
  ];
  for (const [target, parameters] of requests) {
    const body = new URLSearchParams({ ...parameters, client_id: 'sallyport-testing' });
    await (await fetch(target, { method: 'POST', body })).text();
  }
  await (await fetch(`${server.issuer}/nowhere`)).text();
  server.fault('/jwks', { kind: 'delay', milliseconds: 60_000 });
  const late = fetch(server.jwksUri).catch(() => {});
  while (server.hits('/jwks') === 0) await new Promise(setImmediate);
  await server.stop();
  await late;
}
