import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { type RunningServer, startServer } from '../src/server.ts';

export interface StartedReference {
  readonly server: RunningServer;
  /** All that was logged, line by line. */
  readonly log: string[];
}

/** Starts the reference server on any free port, as its entry point would. */
export async function startReference(
  variables: Record<string, string> = {},
): Promise<StartedReference> {
  const log: string[] = [];
  const server = await startServer(
    { variables: { ENVIRONMENT: 'development', PORT: '0', ...variables } },
    (line) => void log.push(line),
  );
  return { server, log };
}

/**
 * With the variables of a deployment, and an authorization server beside it.
 *
 * @param isAway Whether the authorization server is paused before the reference server starts.
 * @returns `early`: a token that was issued before, with the scope `read:data`.
 */
export async function startWithAuthorizationServer(
  variables: Record<string, string> = {},
  { isAway = false } = {},
) {
  const audience = 'https://notes.example.com/mcp';
  const authorizationServer: AuthorizationServer = await startAuthorizationServer({
    resources: [{ resource: audience, scopes: ['read:data', 'write:data'] }],
  });
  const early = await authorizationServer.mintToken({ scope: 'read:data' });
  if (isAway) await authorizationServer.pause();
  const reference = await startReference({
    FASTMCP_SERVER_AUTH_TYPE: 'jwt',
    FASTMCP_SERVER_AUTH_JWT_ISSUER: authorizationServer.issuer,
    FASTMCP_SERVER_AUTH_JWT_AUDIENCE: audience,
    FASTMCP_SERVER_AUTH_JWT_JWKS_URI: authorizationServer.jwksUri,
    ...variables,
  });
  return { ...reference, authorizationServer, audience, early };
}

/** Calls a tool at the convenience address. */
export async function callTool(
  { resource }: RunningServer,
  token: string | undefined,
  name: string,
  input: Record<string, unknown> = {},
): Promise<Response> {
  return fetch(new URL('/tools/call', resource), {
    method: 'POST',
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    body: JSON.stringify({ name, arguments: input }),
  });
}
