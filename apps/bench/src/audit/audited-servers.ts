/** The servers that the results page shows, each put together as its documentation does it, with metadata. */
import { createServer } from 'node:http';
import {
  createMcpExpressApp,
  requireBearerAuth as v2Auth,
  mcpAuthMetadataRouter as v2Metadata,
} from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { mcpAuthMetadataRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { createMcpExpressApp as createV1App } from '@modelcontextprotocol/sdk/server/express.js';
import { createMcpHandler, OAuthError, OAuthErrorCode } from '@modelcontextprotocol/server';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { protect } from '@sallyport/protect/express';
import { createHttpUpstream } from '@sallyport/proxy';
import { createJwtVerifier, localJwks } from '@sallyport/verifier-jwt';
import express from 'express';
import { createLocalJWKSet } from 'jose';
import { createVerifyJwt, MCPAuth } from 'mcp-auth';
import { createGate, gatedV1 } from '../servers/gated-v1.ts';
import { createJoseVerifier, toKeySet } from '../servers/jose-verifier.ts';
import { mcpProxyLibrary } from '../servers/proxied.ts';
import { sdkExample, serveExample } from '../servers/sdk-v1.ts';
import { createExampleServer, sdkV2Example } from '../servers/sdk-v2.ts';
import { type Listening, listenOn, type PublicIssuer } from '../servers/server-contestant.ts';
import { cheapChild, mcpProxyStdio, supergateway } from '../servers/stdio-proxied.ts';
import { toolScope } from '../servers/tool-call.ts';
import { audience, issuerName } from '../tokens/tokens.ts';

/** A row of the results page. */
export interface AuditedServer {
  readonly name: string;
  /** npm packages whose versions matter. */
  readonly packages: readonly string[];
  /** It has no access control on purpose. */
  readonly isPublic?: boolean;
  listen(issuer: PublicIssuer): Promise<Listening>;
}

const oauthMetadata = {
  issuer: issuerName,
  authorization_endpoint: `${issuerName}/authorize`,
  token_endpoint: `${issuerName}/token`,
  response_types_supported: ['code'],
};
const metadata = {
  oauthMetadata,
  resourceServerUrl: new URL(audience),
  scopesSupported: [toolScope],
};
const resourceMetadataUrl = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
const sdkV1 = '@modelcontextprotocol/sdk';
const sdkV2 = '@modelcontextprotocol/server';

const sdkV1WithJose: AuditedServer = {
  name: 'SDK v1, requireBearerAuth with jose',
  packages: [sdkV1, 'jose', 'express'],
  listen(issuer) {
    const application = createV1App();
    application.use(mcpAuthMetadataRouter(metadata));
    application.use(
      requireBearerAuth({
        verifier: createJoseVerifier(issuer, (message) => new InvalidTokenError(message)),
        requiredScopes: [toolScope],
        resourceMetadataUrl,
      }),
    );
    return listenOn(createServer(serveExample(application)));
  },
};

const sdkV2WithJose: AuditedServer = {
  name: 'SDK v2, requireBearerAuth with jose',
  packages: [sdkV2, '@modelcontextprotocol/express', 'jose', 'express'],
  listen(issuer) {
    const application = createMcpExpressApp();
    application.use(v2Metadata(metadata));
    application.use(
      v2Auth({
        verifier: createJoseVerifier(
          issuer,
          (message) => new OAuthError(OAuthErrorCode.InvalidToken, message),
        ),
        requiredScopes: [toolScope],
        resourceMetadataUrl,
      }),
    );
    const serve = toNodeHandler(createMcpHandler(createExampleServer));
    application.all('/mcp', (request, response) => serve(request, response, request.body));
    return listenOn(createServer(application));
  },
};

const mcpAuth: AuditedServer = {
  name: 'SDK v1, mcp-auth',
  packages: ['mcp-auth', sdkV1, 'express'],
  listen(issuer) {
    const auth = new MCPAuth({
      protectedResources: [
        {
          metadata: {
            resource: audience,
            authorizationServers: [
              {
                type: 'oauth',
                metadata: {
                  issuer: issuerName,
                  authorizationEndpoint: oauthMetadata.authorization_endpoint,
                  tokenEndpoint: oauthMetadata.token_endpoint,
                  responseTypesSupported: ['code'],
                  grantTypesSupported: ['authorization_code'],
                  codeChallengeMethodsSupported: ['S256'],
                },
              },
            ],
            scopesSupported: [toolScope],
          },
        },
      ],
    });
    const application = createV1App();
    application.use(auth.protectedResourceMetadataRouter());
    const verify = createVerifyJwt(createLocalJWKSet(toKeySet(issuer)), { algorithms: ['RS256'] });
    application.use(
      auth.bearerAuth(verify, { resource: audience, audience, requiredScopes: [toolScope] }),
    );
    return listenOn(createServer(serveExample(application)));
  },
};

const protectedExample: AuditedServer = {
  name: 'SDK v1 example on Express, protect of Sallyport',
  packages: [sdkV1, 'express'],
  async listen(issuer) {
    const application = express();
    application.use(
      await protect({
        resource: audience,
        verifier: createJwtVerifier({
          issuer: issuerName,
          audience,
          algorithms: ['RS256'],
          keys: localJwks(toKeySet(issuer)),
        }),
        authorizationServers: [issuerName],
        tools: { hello: [toolScope] },
      }),
    );
    return listenOn(createServer(serveExample(application)));
  },
};

const sallyportBeforeExample: AuditedServer = {
  name: 'SDK v1 example, Sallyport as a proxy in front',
  packages: [sdkV1],
  async listen(issuer) {
    const example = await sdkExample.listen(issuer);
    const upstream = createHttpUpstream({ url: `http://127.0.0.1:${example.port}/mcp` });
    const proxy = await listenOn(createServer(nodeGate(createGate(issuer), upstream.handle)));
    return {
      port: proxy.port,
      async close() {
        await proxy.close();
        await example.close();
      },
    };
  },
};

/** In the order of the page. */
export const auditedServers: readonly AuditedServer[] = [
  { ...gatedV1, name: 'SDK v1, Sallyport on node:http', packages: [sdkV1] },
  protectedExample,
  sallyportBeforeExample,
  sdkV1WithJose,
  sdkV2WithJose,
  mcpAuth,
  { ...sdkExample, packages: [sdkV1, 'express'], isPublic: true },
  { ...sdkV2Example, packages: [sdkV2, '@modelcontextprotocol/express'], isPublic: true },
  { ...mcpProxyLibrary, packages: ['mcp-proxy'], isPublic: true },
  { ...mcpProxyStdio(cheapChild), packages: ['mcp-proxy'], isPublic: true },
  { ...supergateway(cheapChild), packages: ['supergateway'], isPublic: true },
];
