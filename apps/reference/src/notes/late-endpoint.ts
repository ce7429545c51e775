import type { OperationalEvent } from '@sallyport/telemetry';
import type { McpEndpoint } from './mcp-endpoint.ts';
import type { NoteStore } from './notes.ts';

// A probe that waits for the start is answered before. A request that comes sooner loads the endpoint itself.
const loadAfterMs = 100;

/**
 * Makes an endpoint that loads the SDK and the tools after the start. They take half as long to load as the rest of the
 * server, and neither the settings nor `/health` need them.
 */
export function createLateEndpoint(
  notes: NoteStore,
  onEvent: (event: OperationalEvent) => void,
): McpEndpoint {
  let loading: Promise<McpEndpoint> | undefined;
  const load = () => {
    loading ??= import('./mcp-endpoint.ts').then(({ createMcpEndpoint }) =>
      createMcpEndpoint(notes, onEvent),
    );
    return loading;
  };
  const timer = setTimeout(load, loadAfterMs).unref();
  return {
    serve: async (request, response, body) => (await load()).serve(request, response, body),
    fetch: async (request, options) => (await load()).fetch(request, options),
    async close() {
      clearTimeout(timer);
      await (await loading)?.close();
    },
  };
}
