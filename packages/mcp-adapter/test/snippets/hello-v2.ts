import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';

const jsonSchemaValidator = new AjvJsonSchemaValidator();

export const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'hello', version: '1.0.0' }, { jsonSchemaValidator });
  server.registerTool('hello', { description: 'Greets the client' }, ({ http }) => ({
    content: [{ type: 'text', text: `Hello, ${http?.authInfo?.clientId}!` }],
  }));
  return server;
});
