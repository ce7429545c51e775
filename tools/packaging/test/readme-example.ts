/** The first example of the top README, as a reader pastes it: what it installs, and the server that it starts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface ReadmeExample {
  /** What `npm install` of the block above the code names. */
  readonly install: readonly string[];
  readonly code: string;
  readonly file: 'server.js' | 'server.ts';
  /** The tools of the code with the scope that each needs. */
  readonly tools: readonly (readonly [tool: string, scope: string])[];
  /** The file of the reader's own MCP server, which the code imports. */
  readonly imported: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** @throws {Error} When the README has no such example. */
export async function readExample(readme: string): Promise<ReadmeExample> {
  const markdown = await readFile(readme, 'utf8');
  const [, packages = '', language, code = ''] =
    /^npm install (.+?)$.*?^```(js|ts)\n(.*?)^```$/ms.exec(markdown) ?? [];
  if (packages === '') throw new Error('README.md has no example to paste');
  return {
    install: packages.split(' '),
    code,
    file: language === 'ts' ? 'server.ts' : 'server.js',
    tools: [...code.matchAll(/(\w+): \['([^']+)'\]/g)].map(([, tool = '', scope = '']) => [
      tool,
      scope,
    ]),
    imported: /from '\.\/([^']+)'/.exec(code)?.[1],
  };
}

/** Writes what a reader has: their own MCP server with the tools of the example, and the pasted code. */
export async function pasteExample(
  project: string,
  { code, file, imported, tools }: ReadmeExample,
  issuer: string,
): Promise<void> {
  // Any free port of this machine, and a line that says which.
  const listening = `import { Server } from 'node:net';
const { listen } = Server.prototype;
Server.prototype.listen = function () {
  this.once('listening', () => process.send(this.address().port));
  return listen.call(this, 0, '127.0.0.1');
};
`;
  await writeFile(join(project, 'any-port.mjs'), listening);
  // An address in the code stands for the reader's own provider.
  await writeFile(join(project, file), code.replace(/(?<=issuer: )'[^']*'/, `'${issuer}'`));
  if (imported === undefined) return;
  const own = `import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
export const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  for (const tool of ${JSON.stringify(tools.map(([tool]) => tool))}) {
    server.registerTool(tool, { description: tool }, () => ({
      content: [{ type: 'text', text: 'called ' + tool }],
    }));
  }
  return server;
});
`;
  await mkdir(dirname(join(project, imported)), { recursive: true });
  await writeFile(join(project, imported), own);
}

/**
 * Starts the pasted code. @returns Its port, and what ends it.
 *
 * @param program The Node.js that runs it. Default: the one of this process.
 */
export async function startExample(
  project: string,
  file: string,
  env: Readonly<Record<string, string>>,
  program: string = process.execPath,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const child = spawn(program, ['--import', './any-port.mjs', file], {
    cwd: project,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const complaint = text(child.stderr as NodeJS.ReadableStream);
  const ended = once(child, 'exit');
  const port = await Promise.race([
    once(child, 'message').then(([sent]) => Number(sent)),
    ended.then(async () => {
      throw new Error(`The example ended: ${await complaint}`);
    }),
  ]);
  return {
    port,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** Calls a tool as a client of the newest revision does. */
export async function callTool(
  port: number,
  resource: string,
  tool: string,
  token?: string,
): Promise<Answer> {
  const { host, pathname } = new URL(resource);
  const sent = request({
    port,
    host: '127.0.0.1',
    path: pathname,
    method: 'POST',
    headers: {
      Host: host,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'Mcp-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': tool,
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
  });
  sent.end(
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: tool,
        arguments: {},
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  );
  const [response] = await once(sent, 'response');
  return {
    status: response.statusCode,
    headers: response.headers,
    body: await text(response),
  };
}
