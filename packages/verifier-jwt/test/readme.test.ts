import { startAuthorizationServer } from '@sallyport/testing';
import { expect, it } from 'vitest';

it('runs the example of the README', async () => {
  const server = await startAuthorizationServer({
    resources: [{ resource: 'https://mcp.example.com/mcp', scopes: ['read'] }],
  });
  process.env['ENVIRONMENT'] = 'development';
  process.env['ISSUER'] = server.issuer;
  const { verifier, whoSent } = await import('./readme.ts');
  const token = await server.issueToken({ scopes: ['read'], subject: 'alice', clientId: 'notes' });

  expect(await whoSent(token)).toBe('alice through notes');
  await expect(whoSent(`${token}x`)).rejects.toMatchObject({ name: 'AuthError' });
  await verifier.close?.();
  await server.stop();
});
