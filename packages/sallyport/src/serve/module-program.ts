/**
 * The program that serves a module over standard input and output: `module-program.js <file>`. It works with both
 * lines of the MCP SDK, because it brings the transport itself. `module-program.js <file> --trial` only finds the server.
 */
import { Console } from 'node:console';
import { pathToFileURL } from 'node:url';
import { createStdioTransport } from './stdio-transport.ts';

interface McpServer {
  connect(transport: object): Promise<void>;
}

const names = ['default', 'server', 'createServer', 'mcp', 'app'];

const [, , file = '', trial] = process.argv;
// Standard output is for messages alone.
globalThis.console = new Console(process.stderr);
const module: Record<string, unknown> = await import(pathToFileURL(file).href);
const server = await findServer(module);
if (server === undefined) {
  process.stderr.write(
    'exports no MCP server. Export one, or a function that returns one, as "default" or "server". A program that listens by itself, such as an Express app, stands behind --upstream\n',
  );
  process.exit(78);
}
if (trial !== undefined) process.exit(0);
await server.connect(createStdioTransport(process.stdin, process.stdout));

async function findServer(exported: Record<string, unknown>): Promise<McpServer | undefined> {
  for (const name of names) {
    const found = exported[name];
    if (isServer(found)) return found;
    if (typeof found !== 'function') continue;
    try {
      const made: unknown = await (found as (context: object) => unknown)({ era: 'legacy' });
      if (isServer(made)) return made;
    } catch (error) {
      // An Express app is a function too, and no factory.
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : 'it failed'}\n`);
    }
  }
  return undefined;
}

function isServer(value: unknown): value is McpServer {
  return typeof (Object(value) as Partial<McpServer>).connect === 'function';
}
