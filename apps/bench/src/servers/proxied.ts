/** The same cheap server behind our proxy, behind those of others, and through pipes that look at nothing. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Server } from '@modelcontextprotocol/server';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createHttpUpstream } from '@sallyport/proxy';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { proxyServer, startHTTPServer } from 'mcp-proxy';
import { Pool } from 'undici';
import { createGate } from './gated-v1.ts';
import { listenOn, type ServerContestant } from './server-contestant.ts';

const program = fileURLToPath(new URL('../programs/serve-upstream.ts', import.meta.url));

/** Starts the server behind a proxy. It ends with this process. */
async function startUpstream(): Promise<string> {
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [port] = (await once(child, 'message')) as [number];
  child.unref();
  child.channel?.unref();
  return `http://127.0.0.1:${port}/mcp`;
}

/** As cheap as a proxy on node:http can be: bytes go on as they come, and nothing is looked at. */
export const plainPipe: ServerContestant = {
  name: 'a pipe of node:http, no auth',
  line: 'v1',
  checksTokens: false,
  async listen() {
    const url = await startUpstream();
    return listenOn(
      createServer((request, response) => {
        const { method = 'POST', headers } = request;
        const forwarded = send(url, { method, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        request.pipe(forwarded);
      }),
    );
  },
};

/** The same by the call of undici that our proxy uses: what our proxy would cost without its gate. */
export const dispatchPipe: ServerContestant = {
  name: 'a pipe of undici, no auth',
  line: 'v1',
  checksTokens: false,
  async listen() {
    const { origin, pathname: path } = new URL(await startUpstream());
    const pool = new Pool(origin, { headersTimeout: 0, bodyTimeout: 0 });
    const headers = ['accept', 'application/json', 'content-type', 'application/json'];
    return listenOn(
      createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const body = Buffer.concat(chunks);
          pool.dispatch(
            { path, method: 'POST', headers, body },
            {
              // undici takes no handler without it.
              onRequestStart() {},
              onResponseStart(
                _controller,
                status,
                { 'content-type': type, 'content-length': length },
              ) {
                response.writeHead(status, {
                  'content-type': `${type}`,
                  'content-length': `${length}`,
                });
              },
              onResponseData: (_controller, chunk) => response.write(chunk),
              onResponseEnd: () => response.end(),
              onResponseError: () => response.destroy(),
            },
          );
        });
      }),
    );
  },
};

export const sallyportProxy: ServerContestant = {
  name: 'our proxy',
  line: 'v1',
  checksTokens: true,
  async listen(issuer) {
    const upstream = createHttpUpstream({ url: await startUpstream() });
    return listenOn(createServer(nodeGate(createGate(issuer), upstream.handle)));
  },
};

/** As its README shows it, with its HTTP client and without sessions. */
export const mcpProxyLibrary: ServerContestant = {
  name: 'the library of mcp-proxy, no auth',
  line: 'v1',
  checksTokens: false,
  async listen() {
    const transport = new StreamableHTTPClientTransport(new URL(await startUpstream()));
    return startMcpProxy(transport, { stateless: true });
  },
};

/** HTTP to HTTP by the commands of both: mcp-proxy starts supergateway, and speaks to it over stdio. */
export const mcpProxyChain: ServerContestant = {
  name: 'mcp-proxy in front of supergateway, no auth',
  line: 'v1',
  hasSessions: true,
  checksTokens: false,
  async listen() {
    const gateway = fileURLToPath(import.meta.resolve('supergateway/dist/index.js'));
    const args = [gateway, '--streamableHttp', await startUpstream(), '--logLevel', 'none'];
    const transport = new StdioClientTransport({ command: process.execPath, args });
    return startMcpProxy(transport, { stateless: false });
  },
};

/** The library of mcp-proxy in front of one connection to a server. */
export async function startMcpProxy(
  transport: Parameters<Client['connect']>[0],
  { stateless }: { readonly stateless: boolean },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const client = new Client({ name: 'mcp-proxy', version: '1.0.0' });
  await client.connect(transport);
  const serverCapabilities = client.getServerCapabilities() ?? {};
  const port = await findFreePort();
  const { close } = await startHTTPServer({
    async createServer() {
      const server = new Server(
        { name: 'upstream', version: '1.0.0' },
        { capabilities: serverCapabilities },
      );
      await proxyServer({ client, server, serverCapabilities });
      return server;
    },
    port,
    host: '127.0.0.1',
    stateless,
    enableJsonResponse: true,
    eventStore: false,
    sseEndpoint: null,
  });
  return { port, close };
}
