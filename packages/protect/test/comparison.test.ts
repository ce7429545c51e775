/** The lines that protect one server with each of four libraries, and what each of them checks: the README has the table. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express, { type Express } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callTool } from './fixture.ts';
import { type LocalServers, startLocalServers } from './local-snippets.ts';
import { connectNotes } from './snippets/notes-v1.ts';

const libraries = ['sallyport', 'express-oauth2-jwt-bearer', 'mcp-auth', 'sdk-and-jose'] as const;
type Library = (typeof libraries)[number];
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

let local: LocalServers;
beforeAll(async () => {
  local = await startLocalServers();
});
afterAll(() => local.stop());

/**
 * The same server for each library. It has two tools that it runs for any caller.
 *
 * @param query What of the library's code is left out.
 */
async function serveWith(library: Library, query = '') {
  const app = express();
  const path = new URL(`comparison/${library}.js`, import.meta.url).pathname;
  const { protectServer }: { protectServer(app: Express): Promise<void> } = await import(
    /* @vite-ignore */ `${path}${query}`
  );
  await protectServer(app);
  app.all('/mcp', async (request, response) => {
    const transport = new StreamableHTTPServerTransport();
    await connectNotes(transport);
    await transport.handleRequest(request, response, request.body);
  });
  // Otherwise Express writes the errors of a middleware to the console.
  app.set('env', 'test');
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The lines between the braces of `protectServer`, with one option in a line. */
function countLines(library: Library): number {
  const code = readFileSync(new URL(`comparison/${library}.js`, import.meta.url), 'utf8');
  const [, body = ''] =
    /^export async function protectServer\(app\) \{\n(.*?)\n\}$/ms.exec(code) ?? [];
  return body.split('\n').length;
}

type Cell = number | string;

async function examine(library: Library): Promise<Readonly<Record<string, Cell>>> {
  const { issuer, resource } = local;
  const { origin, stop } = await serveWith(library);
  const send = (token?: string) => callTool(`${origin}/mcp`, 'write_note', token);
  const tokenOf = (changes: Readonly<Record<string, unknown>>, header = {}) =>
    issuer.mintToken(
      { aud: resource, sub: 'ada', client_id: 'cli', scope: 'notes:write', ...changes },
      header,
    );
  const good = await tokenOf({});
  const elsewhere = await tokenOf({ aud: 'https://other.example.com/mcp' });
  const challenge = `${(await send()).headers.get('WWW-Authenticate')}`;
  const findings = {
    'lines to write': countLines(library),
    'a good token': (await send(good)).status,
    'an expired token': (await send(await tokenOf({ exp: 1_700_000_000 }))).status,
    'a token for another server': (await send(elsewhere)).status,
    'the same, if the audience is not configured': await sendWithoutAudience(library, elsewhere),
    'an ID token with the audience of this server': (
      await send(await tokenOf({ nonce: 'n-0S6_WzA2Mj', scope: undefined }, { typ: 'JWT' }))
    ).status,
    'a token without the scope of the tool': (await send(await tokenOf({ scope: 'notes:read' })))
      .status,
    'the 401 says where the metadata is': challenge.includes('resource_metadata=') ? 'yes' : 'no',
    'the metadata (RFC 9728)': (await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`))
      .status,
  };
  await stop();
  return {
    ...findings,
    'a good token, and the keys cannot be fetched': await sendInOutage(library, good),
  };
}

async function sendWithoutAudience(library: Library, token: string): Promise<Cell> {
  const server = await serveWith(library, '?without-audience').catch((error: Error) => {
    expect(error.message).toMatch(/audience/);
  });
  if (server === undefined) return 'does not start';
  const { status } = await callTool(`${server.origin}/mcp`, 'write_note', token);
  await server.stop();
  return status;
}

/** The server starts while the issuer answers its keys with 503. */
async function sendInOutage(library: Library, token: string): Promise<Cell> {
  local.issuer.fault('/jwks', { kind: 'status', status: 503 });
  const server = await serveWith(library);
  const { status } = await callTool(`${server.origin}/mcp`, 'write_note', token);
  local.issuer.clearFaults();
  await server.stop();
  return status;
}

function versionOf(name: string): string {
  const path = `node_modules/${name}/package.json`;
  return JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).version;
}

const found = new Map<Library, Readonly<Record<string, Cell>>>();

describe.each(libraries)('%s', (library) => {
  it('takes a good token and refuses an expired one', async () => {
    const findings = await examine(library);
    found.set(library, findings);

    expect(findings).toMatchObject({ 'a good token': 200, 'an expired token': 401 });
  });
});

it('five lines check what every request needs, and an outage is not the fault of the token', () => {
  expect(found.get('sallyport')).toEqual({
    'lines to write': 5,
    'a good token': 200,
    'an expired token': 401,
    'a token for another server': 401,
    'the same, if the audience is not configured': 401,
    'an ID token with the audience of this server': 401,
    'a token without the scope of the tool': 403,
    'the 401 says where the metadata is': 'yes',
    'the metadata (RFC 9728)': 200,
    'a good token, and the keys cannot be fetched': 503,
  });
});

it('the README has the table of these findings, with the versions', () => {
  const headings = [
    '`protect`',
    `express-oauth2-jwt-bearer ${versionOf('express-oauth2-jwt-bearer')}`,
    `mcp-auth ${versionOf('mcp-auth')}`,
    `\`requireBearerAuth\` of the SDK ${versionOf('@modelcontextprotocol/sdk')} with jose ${versionOf('jose')}`,
  ];
  const names = Object.keys(found.get('sallyport') ?? {});
  const rows = names.map((name) => [name, ...libraries.map((each) => found.get(each)?.[name])]);
  const table = [['', ...headings], ...rows].map((cells) => cells.join('|'));
  const lines = readme.split('\n').map((line) =>
    line
      .replace(/^\| *| *\|$/g, '')
      .split('|')
      .map((cell) => cell.trim())
      .join('|'),
  );

  expect(names).toHaveLength(10);
  expect(lines.filter((line) => table.includes(line))).toEqual(table);
});
