/** MCP servers of other kinds, each with the tools `whoami`, `write` and `read`. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { listen, stopServer } from '../fixture.ts';

/** A server that runs. */
export interface StartedUpstream {
  readonly url: string;
  stop(): Promise<void>;
}

const python = 'python3';
export const hasPython: boolean = spawnSync(python, ['--version']).status === 0;
if (!hasPython) {
  process.stdout.write('python3 is missing: the tests with a server in Python do not run\n');
}

// One for all servers: each would compile every schema anew.
const jsonSchemaValidator = new AjvJsonSchemaValidator();
const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
const subjectOf = (authorization: string | null | undefined) =>
  decodeJwt(authorization?.replace('Bearer ', '') ?? '').sub ?? '';

async function startHttp(listener: RequestListener): Promise<StartedUpstream> {
  const server = createServer(listener);
  server.keepAliveTimeout = 120_000;
  const url = await listen(server, '/mcp');
  return { url: url.href, stop: () => stopServer(server) };
}

/** SDK v2: every revision, without sessions. */
async function startV2(): Promise<StartedUpstream> {
  const notes = new Map<string, string>();
  const handler = createMcpHandler(({ requestInfo }) => {
    const caller = subjectOf(requestInfo?.headers.get('authorization'));
    const server = new McpServer({ name: 'v2', version: '1.0.0' }, { jsonSchemaValidator });
    server.registerTool('whoami', {}, () => text(caller));
    server.registerTool('write', { inputSchema: z.object({ text: z.string() }) }, (given) => {
      notes.set(caller, given.text);
      return text(given.text);
    });
    server.registerTool('read', {}, () => text(notes.get(caller) ?? ''));
    return server;
  });
  return startHttp(toNodeHandler(handler) as RequestListener);
}

/** SDK v1 with sessions: the state is that of the session. */
const startV1 = (enableJsonResponse: boolean) => async (): Promise<StartedUpstream> => {
  const sessions = new Map<string, StreamableHTTPServerTransport>();

  async function open(): Promise<StreamableHTTPServerTransport> {
    let note = '';
    const server = new McpServerV1({ name: 'v1', version: '1.0.0' });
    server.registerTool('whoami', {}, ({ requestInfo }) => {
      const { authorization } = (requestInfo?.headers ?? {}) as { authorization?: string };
      return text(subjectOf(authorization));
    });
    server.registerTool('write', { inputSchema: { text: z.string() } }, (given) => {
      note = given.text;
      return text(note);
    });
    server.registerTool('read', {}, () => text(note));
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      enableJsonResponse,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    return transport;
  }

  return startHttp(async (request, response) => {
    const id = request.headers['mcp-session-id'];
    const transport = typeof id === 'string' ? sessions.get(id) : await open();
    if (transport === undefined) response.writeHead(404).end();
    else await transport.handleRequest(request, response);
  });
};

/** Python, with its standard library alone. */
async function startPython(): Promise<StartedUpstream> {
  const script = fileURLToPath(new URL('python-server.py', import.meta.url));
  const child = spawn(python, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: `http://127.0.0.1:${port.toString().trim()}/mcp`,
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** By what they are. */
export const upstreams: Readonly<Record<string, () => Promise<StartedUpstream>>> = {
  'a server of SDK v2': startV2,
  'a server of SDK v1 that streams': startV1(false),
  'a server of SDK v1 that answers in JSON': startV1(true),
  ...(hasPython && { 'a server in Python': startPython }),
};
