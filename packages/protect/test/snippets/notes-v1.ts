import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { callerOf } from '@sallyport/protect';

export function createNotes() {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  for (const name of ['read_note', 'write_note']) {
    server.registerTool(name, { description: name }, (extra) => ({
      content: [{ type: 'text', text: `${name} for ${callerOf(extra).subject}` }],
    }));
  }
  return server;
}
