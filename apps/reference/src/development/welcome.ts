import type { Config } from '@sallyport/config';
import { toolScopes } from '../notes/tool-scopes.ts';
import type { RunningServer } from '../server.ts';

// The only static token that is printed, because the documentation contains it.
const documentedToken = 'dev-token-12345';
const thisMachine = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * What a developer reads after the start: addresses, and lines to paste. Everything that it promises
 * comes from the scopes of the token and from the settings.
 */
export async function writeWelcome(server: RunningServer): Promise<string> {
  const { resource, local, port } = server;
  const { hostname, port: expected } = new URL(resource);
  const here = `http://localhost:${port}`;
  const isElsewhere = thisMachine.has(hostname) && (expected || '80') !== String(port);
  const lines = [
    '',
    `  MCP endpoint           ${resource}`,
    `  Page for browsers      ${here}/`,
    `  Health                 ${here}/health`,
    ...(server.liveView === undefined ? [] : [`  Live view (opens once) ${server.liveView}`]),
    ...(isElsewhere
      ? [
          `  ! The server listens on port ${port}, and clients are told ${resource}. Set PORT to ${expected || 80}`,
        ]
      : []),
    ...(local === undefined
      ? []
      : [`  Authorization server   ${local.issuer}  (local, forgets everything at the end)`]),
    ...describeTools(),
    ...(await describeCalls(server, here)),
    ...describeClients(server),
    '',
    '  Stop with Ctrl+C.',
    '',
    '',
  ];
  return lines.join('\n');
}

function describeTools(): string[] {
  const byScopes = new Map<string, string[]>();
  for (const [tool, scopes] of Object.entries(toolScopes)) {
    const needed = scopes.join(' ') || 'any token';
    byScopes.set(needed, [...(byScopes.get(needed) ?? []), tool]);
  }
  return [...byScopes].map(
    ([needed, tools], index) =>
      `  ${(index === 0 ? 'Tools' : '').padEnd(23)}${tools.join(', ')} (${needed})`,
  );
}

interface ShownToken {
  readonly token: string;
  readonly scopes: readonly string[];
}

async function findToken({
  config,
  resource,
  local,
}: RunningServer): Promise<ShownToken | undefined> {
  const { authentication } = config;
  if (authentication.type === 'static') {
    const found = authentication.tokens.find(({ token }) => token.reveal() === documentedToken);
    return found && { token: documentedToken, scopes: found.scopes };
  }
  if (local === undefined) return undefined;
  const scopes = ['read:data'];
  return { token: await local.issueToken({ resource, scopes }), scopes };
}

const promises = {
  200: '200',
  401: '401, and where to get a token',
  403: '403, and which scopes the tool needs',
} as const;

async function describeCalls(server: RunningServer, here: string): Promise<string[]> {
  const call = (tool: string, input: object, header = '') =>
    `    curl -i ${header}${here}/tools/call -d '${JSON.stringify({ name: tool, arguments: input })}'`;
  const hello = { name: 'World' };
  const isOpen = server.config.authentication.type === 'none';
  const without = [
    '',
    `  Without a token:     ${promises[isOpen ? 200 : 401]}`,
    call('hello', hello),
  ];
  const shown = await findToken(server);
  if (shown === undefined) return without;
  const { token, scopes } = shown;
  const withToken = (tool: string, input: object) => [
    `  ${`${tool} with it:`.padEnd(21)}${promises[server.permits(tool, scopes) ? 200 : 403]}`,
    call(tool, input, '-H "Authorization: Bearer $TOKEN" '),
  ];
  return [
    '',
    `  A token that works now, with the scopes ${scopes.join(' ') || '(none)'}:`,
    `    TOKEN=${token}`,
    '',
    ...withToken('hello', hello),
    ...withToken('write_note', { title: 'a', text: 'b' }),
    ...without.slice(1),
  ];
}

function describeClients({ config, resource }: RunningServer): string[] {
  const add = `claude mcp add --transport http sallyport ${resource}`;
  const inspect = `npx @modelcontextprotocol/inspector --web --transport http --server-url ${resource}`;
  if (config.authentication.type === 'none') {
    return ['', '  Connect a client. Everybody is let in:', `    ${add}`, `    ${inspect}`];
  }
  if (!hasAuthorizationServer(config)) {
    return [
      '',
      '  Connect a client. No authorization server is configured, so the client needs a token:',
      `    ${add} --header "Authorization: Bearer $TOKEN"`,
    ];
  }
  return ['', '  Connect a client, which then signs in by itself:', `    ${add}`, `    ${inspect}`];
}

/** With static tokens, and with a shared secret, no server issues tokens for people. */
function hasAuthorizationServer({ authentication, authorizationServers }: Config): boolean {
  if (authorizationServers.length > 0) return true;
  if (authentication.type === 'jwt') return authentication.keys.kind !== 'hmac';
  return authentication.type === 'introspection';
}
