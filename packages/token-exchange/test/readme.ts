import { clientSecretBasic } from '@sallyport/client-authentication';
import { detectEnvironment, Secret } from '@sallyport/core';
import { createTokenExchange } from '@sallyport/token-exchange';

export const exchange = createTokenExchange({
  url: process.env['TOKEN_ENDPOINT'] ?? 'https://auth.example.com/token',
  environment: detectEnvironment(process.env),
  clientAuthentication: clientSecretBasic({
    clientId: 'notes-server',
    secret: new Secret(process.env['CLIENT_SECRET'] ?? ''),
  }),
  targets: { crm: { resource: 'https://crm.example.com', scopes: ['contacts:read'] } },
});

// createMcpGate({ tokenExchange: exchange, … }) of @sallyport/mcp-adapter: a tool then says
// `const { token } = await authInfo.extra.upstreamToken('crm');`
