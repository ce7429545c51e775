/** A server of the first SDK line, as a module. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

export function createServer(): McpServer {
  const server = new McpServer({ name: 'first-line', version: '1.0.0' });
  server.registerTool('hello', { inputSchema: { name: z.string() } }, ({ name }) => {
    // A server over stdio must not write this to standard output.
    Reflect.get(globalThis, 'console').log('said hello');
    return { content: [{ type: 'text', text: `Hello, ${name}!` }] };
  });
  return server;
}
