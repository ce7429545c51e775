/** The server of SDK v1 that is put before the suite: with sessions, for revision 2025-11-25. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import {
  fillTemplate,
  formWithChoices,
  formWithDefaults,
  pause,
  promptWithArguments,
  promptWithResource,
  template,
  text,
  textForm,
} from './contents.ts';
import { addPlainContents, completeWord, goOn } from './plain-contents.ts';

export function createServerV1(): McpServer {
  const server = new McpServer(
    { name: 'conformance', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true }, completions: {} } },
  );
  addPlainContents(server);
  addTools(server);
  addConversations(server);
  addResources(server);
  addPrompts(server);
  return server;
}

function addTools(server: McpServer): void {
  server.registerTool('test_tool_with_logging', { description: 'Logs' }, async (extra) => {
    for (const data of ['execution started', 'processing data', 'execution completed']) {
      const params = { level: 'info' as const, data: `Tool ${data}` };
      await extra.sendNotification({ method: 'notifications/message', params });
      await pause();
    }
    return { content: [text('Logged')] };
  });
  server.registerTool('test_tool_with_progress', { description: 'Goes on' }, (extra) =>
    goOn(extra._meta?.progressToken, (notification) => extra.sendNotification(notification)),
  );
}

/** Tools that ask the client something under way. */
function addConversations(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks a model', inputSchema: { prompt: z.string() } },
    async ({ prompt }) => {
      const answer = await server.server.createMessage({
        messages: [{ role: 'user', content: text(prompt) }],
        maxTokens: 100,
      });
      return { content: [text(`LLM response: ${JSON.stringify(answer.content)}`)] };
    },
  );
  server.registerTool(
    'test_elicitation',
    { description: 'Asks a person', inputSchema: { message: z.string() } },
    async ({ message }) => {
      const requestedSchema = textForm('username', 'email');
      const { action, content } = await server.server.elicitInput({ message, requestedSchema });
      return {
        content: [text(`User response: action=${action}, content=${JSON.stringify(content)}`)],
      };
    },
  );
  const forms = {
    test_elicitation_sep1034_defaults: formWithDefaults,
    test_elicitation_sep1330_enums: formWithChoices,
  };
  for (const [name, requestedSchema] of Object.entries(forms)) {
    server.registerTool(name, { description: 'Shows a form' }, async () => {
      const params = { message: 'Please fill in', requestedSchema };
      const { action, content } = await server.server.elicitInput(params);
      const said = `Elicitation completed: action=${action}, content=${JSON.stringify(content)}`;
      return { content: [text(said)] };
    });
  }
}

function addResources(server: McpServer): void {
  server.registerResource(
    'template',
    new ResourceTemplate(template, { list: undefined }),
    { description: 'A template', mimeType: 'application/json' },
    (uri, { id }) => fillTemplate(uri.href, String(id)),
  );
  server.server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
}

function addPrompts(server: McpServer): void {
  const argsSchema = {
    arg1: completable(z.string(), completeWord),
    arg2: z.string(),
  };
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'Two arguments', argsSchema },
    promptWithArguments,
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'A resource', argsSchema: { resourceUri: z.string() } },
    promptWithResource,
  );
}

/** Serves sessions as the SDK's example does. */
export function createHandlerV1(): (
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
) => Promise<void> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  return async (request, response, body) => {
    const id = request.headers['mcp-session-id'];
    let transport = typeof id === 'string' ? transports.get(id) : undefined;
    if (transport === undefined) {
      const created = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (session) => void transports.set(session, created),
        onsessionclosed: (session) => void transports.delete(session),
      });
      if (id !== undefined) return notFound(response);
      await createServerV1().connect(created as Parameters<McpServer['connect']>[0]);
      transport = created;
    }
    await transport.handleRequest(request, response, body);
  };
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'application/json' });
  const error = { code: -32_001, message: 'Session not found' };
  response.end(JSON.stringify({ jsonrpc: '2.0', error, id: null }));
}
