/** Handlers of both SDK lines that keep sessions, as the SDK's example does it. */
import { randomUUID } from 'node:crypto';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  type EventStore,
  StreamableHTTPServerTransport,
} from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { McpServer as McpServerOfV2 } from '@modelcontextprotocol/server';
import type { GatedHandler } from '../../src/node.ts';

/** The events of one session. */
export function memoryEvents(): EventStore {
  const events: { id: string; streamId: string; message: unknown }[] = [];
  return {
    async storeEvent(streamId, message) {
      const id = randomUUID();
      events.push({ id, streamId, message });
      return id;
    },
    async replayEventsAfter(lastEventId, { send }) {
      const last = events.findIndex(({ id }) => id === lastEventId);
      const streamId = events[last]?.streamId ?? '';
      for (const event of events.slice(last + 1)) {
        if (event.streamId === streamId) await send(event.id, event.message as never);
      }
      return streamId;
    },
  };
}

/** Longer than every token of the tests is good. */
const longCall = async () => {
  await new Promise((resolve) => setTimeout(resolve, 20_000).unref());
  return { content: [] };
};

export function keepSessionsOfV2(): GatedHandler {
  const transports = new Map<string, NodeStreamableHTTPServerTransport>();
  return async (request, response, body) => {
    const id = request.headers['mcp-session-id'];
    let transport = transports.get(String(id));
    if (transport === undefined) {
      const created = new NodeStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        eventStore: memoryEvents() as never,
        onsessioninitialized: (session) => void transports.set(session, created),
      });
      const server = new McpServerOfV2({ name: 'test', version: '1.0.0' });
      server.registerTool('whoami', {}, ({ http }) => ({
        content: [{ type: 'text', text: String(http?.authInfo?.extra?.['subject']) }],
      }));
      server.registerTool('wait', {}, longCall);
      await server.connect(created);
      transport = created;
    }
    await transport.handleRequest(request, response, body);
  };
}

export function keepSessions(): GatedHandler {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  return async (request, response, body) => {
    const id = request.headers['mcp-session-id'];
    let transport = transports.get(String(id));
    if (transport === undefined) {
      const created = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        eventStore: memoryEvents(),
        onsessioninitialized: (session) => void transports.set(session, created),
      });
      const server = new McpServer({ name: 'test', version: '1.0.0' });
      server.registerTool('whoami', {}, ({ authInfo }) => ({
        content: [{ type: 'text', text: String(authInfo?.extra?.['subject']) }],
      }));
      server.registerTool('wait', {}, longCall);
      await server.connect(created as Parameters<typeof server.connect>[0]);
      transport = created;
    }
    await transport.handleRequest(request, response, body);
  };
}
