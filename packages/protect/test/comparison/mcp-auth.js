import { MCPAuth } from 'mcp-auth';

export async function protectServer(app) {
  const resource = 'https://mcp.example.com/mcp';
  const mcpAuth = new MCPAuth({
    protectedResources: { metadata: {
      resource,
      authorizationServers: [{ issuer: 'https://auth.example.com', type: 'oidc' }],
      scopesSupported: ['notes:read', 'notes:write'],
    } },
  });
  app.use(mcpAuth.protectedResourceMetadataRouter());
  app.use('/mcp', mcpAuth.bearerAuth('jwt', { resource, audience: resource }));
}
