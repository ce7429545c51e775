import { startAuthorizationServer } from '@sallyport/testing';
import { expect, it } from 'vitest';

it('runs as the README shows it', async () => {
  const server = await startAuthorizationServer({
    resources: [
      {
        resource: 'https://mcp.example.com/mcp',
        scopes: ['notes:read'],
        accessTokenFormat: 'opaque',
      },
    ],
    clients: [{ clientId: 'mcp-server', clientSecret: 'a-secret-of-the-readme' }],
  });
  Object.assign(process.env, {
    ENVIRONMENT: 'test',
    ISSUER: server.issuer,
    INTROSPECTION_URL: server.introspectionUrl,
    CLIENT_SECRET: 'a-secret-of-the-readme',
  });
  const { verifier, whoSent } = await import('./readme.ts');

  expect(await whoSent(await server.issueToken({ scopes: ['notes:read'] }))).toBe(
    'developer through sallyport-testing',
  );
  await verifier.close?.();
  await server.stop();
});
