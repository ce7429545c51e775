import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';

const jsonSchemaValidator = new AjvJsonSchemaValidator();

export function createHello() {
  const server = new McpServer({ name: 'hello', version: '1.0.0' }, { jsonSchemaValidator });
  server.registerTool('hello', { description: 'Greets the client' }, ({ authInfo }) => ({
    content: [{ type: 'text', text: `Hello, ${authInfo?.clientId}!` }],
  }));
  return server;
}
