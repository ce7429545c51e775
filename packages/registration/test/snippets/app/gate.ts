import { detectEnvironment, Secret } from '@sallyport/core';
import { protect } from '@sallyport/protect/fetch';
import { okta } from '@sallyport/registration';
import { providers } from '@sallyport/verifier-jwt';

const audience = 'https://mcp.example.com/mcp';

export const gated = await protect(
  {
    resource: 'https://mcp.example.com/mcp',
    issuer: providers.okta({
      domain: 'acme.okta.com',
      authorizationServerId: 'default',
      audience,
      environment: detectEnvironment(process.env),
    }),
    tools: { read_note: ['notes.read'], write_note: ['notes.write'] },
    signIn: okta({
      issuer: 'https://acme.okta.com/oauth2/default',
      audience,
      clientId: process.env['CLIENT_ID'] ?? '0oa1b2c3d4e5f6g7h8i9',
      sealingKey: new Secret(process.env['SEALING_KEY'] ?? ''),
    }),
    // The number of proxies that append to X-Forwarded-For: 1 on Vercel and behind nginx.
    trustedProxyHops: 1,
  },
  () => new Response('your MCP server'),
);
