/** A server of the second SDK line, as a module that exports the server itself. */
import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

export const server: McpServer = new McpServer({ name: 'second-line', version: '1.0.0' });
server.registerTool('hello', { inputSchema: z.object({ name: z.string() }) }, ({ name }) => ({
  content: [{ type: 'text', text: `Hello, ${name}!` }],
}));
