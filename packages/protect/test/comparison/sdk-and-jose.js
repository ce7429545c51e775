import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
} from '@modelcontextprotocol/sdk/server/auth/router.js';
import { createRemoteJWKSet, jwtVerify } from 'jose';

export async function protectServer(app) {
  const resource = new URL('https://mcp.example.com/mcp');
  const issuer = 'https://auth.example.com';
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
  const oauthMetadata = await answer.json();
  const keys = createRemoteJWKSet(new URL(oauthMetadata.jwks_uri));
  app.use(mcpAuthMetadataRouter({ oauthMetadata, resourceServerUrl: resource }));
  app.use('/mcp', requireBearerAuth({
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
    verifier: {
      async verifyAccessToken(token) {
        try {
          const { payload } = await jwtVerify(token, keys, { issuer, audience: resource.href });
          const { client_id: clientId, scope = '', exp } = payload;
          return { token, clientId, scopes: scope.split(' '), expiresAt: exp };
        } catch {
          throw new InvalidTokenError('The token is not valid');
        }
      },
    },
  }));
}
