/** The same cheap child behind our command upstream, behind mcp-proxy and behind supergateway. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createCommandUpstream } from '@sallyport/proxy';
import { createGate } from './gated-v1.ts';
import { findFreePort, startMcpProxy } from './proxied.ts';
import { listenOn, type ServerContestant } from './server-contestant.ts';

const program = fileURLToPath(new URL('../programs/answer-stdio.ts', import.meta.url));
const sessions = { line: 'v1', hasSessions: true } as const;

export const sallyportStdio: ServerContestant = {
  ...sessions,
  name: 'our proxy over stdio',
  checksTokens: true,
  async listen(issuer) {
    const upstream = createCommandUpstream({
      command: process.execPath,
      args: [program],
      environment: {},
    });
    return listenOn(createServer(nodeGate(createGate(issuer), upstream.handle)));
  },
};

/** As its command does it: one child for all sessions. */
export const mcpProxyStdio: ServerContestant = {
  ...sessions,
  name: 'mcp-proxy over stdio, no auth',
  checksTokens: false,
  async listen() {
    const transport = new StdioClientTransport({ command: process.execPath, args: [program] });
    return startMcpProxy(transport, { stateless: false });
  },
};

interface Gateway {
  stdioToStatefulStreamableHttp(options: {
    readonly stdioCmd: string;
    readonly port: number;
    readonly streamableHttpPath: string;
    readonly logger: { info(): void; error(): void };
    readonly corsOrigin: false;
    readonly healthEndpoints: readonly string[];
    readonly headers: object;
    readonly sessionTimeout: null;
  }): Promise<void>;
}

/** What `supergateway --outputTransport streamableHttp --stateful` starts, in this process. */
export const supergateway: ServerContestant = {
  ...sessions,
  name: 'supergateway --stateful, no auth',
  checksTokens: false,
  async listen() {
    const gateway: Gateway = await import(
      // @ts-expect-error It is a command only, and has no types.
      'supergateway/dist/gateways/stdioToStatefulStreamableHttp.js'
    );
    const { port } = await findFreePort();
    await gateway.stdioToStatefulStreamableHttp({
      stdioCmd: `"${process.execPath}" "${program}"`,
      port,
      streamableHttpPath: '/mcp',
      logger: { info() {}, error() {} },
      corsOrigin: false,
      healthEndpoints: [],
      headers: {},
      sessionTimeout: null,
    });
    return { port, close: async () => {} };
  },
};
