import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { callerOf } from '@sallyport/protect';

export function connectNotes(transport: object) {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  for (const name of ['read_note', 'write_note']) {
    server.registerTool(name, { description: name }, (extra) => ({
      content: [{ type: 'text', text: `${name} for ${callerOf(extra).subject}` }],
    }));
  }
  // With exactOptionalPropertyTypes, the transports of SDK v1 do not fit its own type.
  return server.connect(transport as Transport);
}
