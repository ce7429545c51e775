/** The SDK, the tools, and the library between them and HTTP. `late-endpoint.ts` loads this file after the start. */
import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import type { GatedHandler } from '@sallyport/mcp-adapter/node';
import type { OperationalEvent } from '@sallyport/telemetry';
import type { NoteStore } from './notes.ts';
import { createNotesHandler } from './notes-handler.ts';
import { createNotesServer } from './notes-server.ts';

/** What serves MCP behind the gate. */
export interface McpEndpoint {
  /** Serves a request of Node.js. */
  readonly serve: GatedHandler;
  /** Serves a request of the web platform. */
  readonly fetch: McpHttpHandler['fetch'];
  close(): Promise<void>;
}

/**
 * Makes the endpoint of the notes server.
 *
 * @param onEvent Receives an event for each tool that fails, and for each error of the SDK.
 */
export function createMcpEndpoint(
  notes: NoteStore,
  onEvent: (event: OperationalEvent) => void,
): McpEndpoint {
  const handler = createMcpHandler(createNotesServer(notes, onEvent), {
    onerror: ({ message: detail }) => onEvent({ type: 'handler_failed', detail }),
  });
  return { serve: createNotesHandler(handler), fetch: handler.fetch, close: handler.close };
}
