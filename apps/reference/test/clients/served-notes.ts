/**
 * The reference server as it is deployed, with an authorization server beside it. It is a process of its
 * own, so that clients in this one find the platform as they would anywhere.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';

export interface ServedNotes {
  readonly url: URL;
  readonly authorizationServer: AuthorizationServer;
  /** Why requests were refused, in order, as the log has it. */
  readonly refusals: () => readonly string[];
  /** Whether anybody was let in. */
  readonly hasAuthenticated: () => boolean;
  /**
   * @throws {Error} When something was the servers' own fault.
   */
  readonly stop: () => Promise<void>;
}

interface Line {
  readonly severity: string;
  readonly event: string;
  readonly status?: number;
  readonly code?: string;
}

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/**
 * @param accessTokenTtlSeconds After this, access tokens are of no use, to the second.
 * @param variables More of them, without the prefix.
 */
export async function serveNotes(
  accessTokenTtlSeconds = 3_600,
  variables: Readonly<Record<string, string>> = {},
): Promise<ServedNotes> {
  // The resource has its port in it, and is known to the authorization server before it listens.
  const port = await findFreePort();
  const resource = `http://localhost:${port}/mcp`;
  const faults: unknown[] = [];
  const authorizationServer = await startAuthorizationServer({
    resources: [{ resource, scopes: ['read:data', 'write:data'], accessTokenTtlSeconds }],
    onError: (error) => void faults.push(error),
  });
  const server = await startProgram({
    ENVIRONMENT: 'development',
    PORT: String(port),
    FASTMCP_SERVER_AUTH_TYPE: 'jwt',
    FASTMCP_SERVER_AUTH_RESOURCE_URL: resource,
    FASTMCP_SERVER_AUTH_JWT_ISSUER: authorizationServer.issuer,
    FASTMCP_SERVER_AUTH_JWT_AUDIENCE: resource,
    FASTMCP_SERVER_AUTH_JWT_JWKS_URI: authorizationServer.jwksUri,
    FASTMCP_SERVER_AUTH_JWT_CLOCK_SKEW: '0',
    ...Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [`FASTMCP_SERVER_AUTH_${name}`, value]),
    ),
  }).catch(async (error: unknown) => {
    await authorizationServer.stop();
    throw error;
  });
  return {
    url: new URL(resource),
    authorizationServer,
    refusals: () =>
      server
        .lines()
        .flatMap(({ event, code }) => (event === 'refused' && code !== undefined ? code : [])),
    hasAuthenticated: () => server.lines().some(({ event }) => event === 'authenticated'),

    async stop() {
      const status = await server.stop();
      await authorizationServer.stop();
      if (status !== 0) faults.push(new Error(`ended with ${status}: ${server.output()}`));
      faults.push(...server.lines().filter(isOurFault));
      if (faults.length > 0) throw new AggregateError(faults, 'the servers failed');
    },
  };
}

async function startProgram(variables: Record<string, string>) {
  const child = spawn(process.execPath, ['--unhandled-rejections=strict', program], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...variables,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(([status]) => status as number | null);
  while (!output.includes('Stop with Ctrl+C.')) {
    const status = await Promise.race([ended, once(child.stdout, 'data').then(() => undefined)]);
    if (status !== undefined) throw new Error(`ended with ${status}: ${output}`);
  }
  return {
    output: () => output,
    lines: () =>
      output
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as Line),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function isOurFault({ severity, event, status = 0 }: Line): boolean {
  return /^(?:ERROR|CRITICAL)$/.test(severity) || event === 'handler_failed' || status >= 500;
}
