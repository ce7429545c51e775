/** The same child behind our command upstream, behind mcp-proxy and behind supergateway. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createCommandUpstream } from '@sallyport/proxy';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { createGate } from './gated-v1.ts';
import { startMcpProxy } from './proxied.ts';
import { listenOn, type ServerContestant } from './server-contestant.ts';
import type { ToolName } from './tool-call.ts';

/** The server that a proxy starts. */
export interface Child {
  /** What stands after the names of the proxies. */
  readonly suffix: string;
  readonly tool: ToolName;
  /** Arguments of Node.js. */
  readonly args: readonly string[];
}

export const cheapChild: Child = {
  suffix: '',
  tool: 'hello',
  args: [fileURLToPath(new URL('../programs/answer-stdio.ts', import.meta.url))],
};

/** A server that its authors wrote with the SDK. */
export const everythingChild: Child = {
  suffix: ', server-everything',
  tool: 'echo',
  args: [
    fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js')),
    'stdio',
  ],
};

const shared = ({ tool }: Child) => ({ line: 'v1', hasSessions: true, tool }) as const;

export const sallyportStdio = (child: Child): ServerContestant => ({
  ...shared(child),
  name: `our proxy over stdio${child.suffix}`,
  checksTokens: true,
  async listen(issuer) {
    const upstream = createCommandUpstream({
      command: process.execPath,
      args: child.args,
      environment: {},
    });
    return listenOn(createServer(nodeGate(createGate(issuer), upstream.handle)));
  },
});

/** As its command does it: one child for all sessions. */
export const mcpProxyStdio = (child: Child): ServerContestant => ({
  ...shared(child),
  name: `mcp-proxy over stdio, no auth${child.suffix}`,
  checksTokens: false,
  async listen() {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [...child.args],
      stderr: 'ignore',
    });
    return startMcpProxy(transport, { stateless: false });
  },
});

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
export const supergateway = (child: Child): ServerContestant => ({
  ...shared(child),
  name: `supergateway --stateful, no auth${child.suffix}`,
  checksTokens: false,
  async listen() {
    const gateway: Gateway = await import(
      // @ts-expect-error It is a command only, and has no types.
      'supergateway/dist/gateways/stdioToStatefulStreamableHttp.js'
    );
    const port = await findFreePort();
    await gateway.stdioToStatefulStreamableHttp({
      stdioCmd: [process.execPath, ...child.args].map((part) => `"${part}"`).join(' '),
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
});
