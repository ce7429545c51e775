/** An MCP server for workerd: core, the fetch gate and a small verifier, and no module of Node's. */
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import {
  AuthError,
  createGuard,
  createScopePolicy,
  type RateLimiter,
  readScopes,
  type TokenVerifier,
} from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { fetchGate } from '@sallyport/mcp-adapter/fetch';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

interface Variables {
  readonly ISSUER: string;
  readonly JWKS_URI: string;
  readonly RESOURCE: string;
}

function createVerifier({ ISSUER, JWKS_URI, RESOURCE }: Variables): TokenVerifier {
  const keys = createRemoteJWKSet(new URL(JWKS_URI));
  return {
    name: 'jose',

    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer: ISSUER,
          audience: RESOURCE,
          typ: 'at+jwt',
          requiredClaims: ['exp', 'sub', 'client_id'],
        });
        return Object.freeze({
          issuer: ISSUER,
          subject: String(payload.sub),
          clientId: String(payload['client_id']),
          audience: [RESOURCE],
          scopes: new Set(readScopes(payload, ['scope'])),
          expiresAt: payload.exp ?? 0,
          claims: {},
        });
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw new AuthError('token_expired');
        const isOurs = error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError);
        throw new AuthError(isOurs ? 'upstream_unavailable' : 'token_signature_invalid');
      }
    },
  };
}

const within = { allowed: true, retryAfterSeconds: 0 };
const unlimited: RateLimiter = { peek: async () => within, countFailure: async () => within };

function createGated(variables: Variables) {
  const resource = variables.RESOURCE;
  const guard = createGuard({
    verifier: createVerifier(variables),
    rateLimiter: unlimited,
    audit: { emit: () => {} },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes: [],
    initialScopes: ['read:data'],
  });
  const gate = createMcpGate({
    resource,
    authorizationServers: [variables.ISSUER],
    guard,
    scopes: { tools: { hello: ['read:data'], wipe: ['write:data'] } },
  });
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'worker', version: '1.0.0' });
    for (const name of ['hello', 'wipe']) {
      server.registerTool(name, { description: name }, ({ http }) => ({
        content: [{ type: 'text', text: `${name} ${http?.authInfo?.extra?.['subject']}` }],
      }));
    }
    return server;
  });
  return fetchGate(gate, handler.fetch);
}

let gated: ReturnType<typeof fetchGate> | undefined;

// biome-ignore lint/style/noDefaultExport: workerd looks for nothing else.
export default {
  fetch(request: Request, variables: Variables): Promise<Response> {
    gated ??= createGated(variables);
    return gated(request, request.headers.get('CF-Connecting-IP') ?? 'unknown');
  },
};
