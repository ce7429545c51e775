import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { callerOf } from '@sallyport/protect';

export const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  for (const name of ['read_note', 'write_note']) {
    server.registerTool(name, { description: name }, (context) => ({
      content: [{ type: 'text', text: `${name} for ${callerOf(context).subject}` }],
    }));
  }
  return server;
});
