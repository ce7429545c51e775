import type { McpHttpHandler } from '@modelcontextprotocol/server';
import type { GatedHandler } from '@sallyport/mcp-adapter/node';

// A request that comes sooner loads it by itself.
const loadAfterMs = 1_000;

/**
 * What stands behind the gate. The SDK's `toNodeHandler` does the same at several times the cost: it
 * writes the parsed body out again, and reads every answer as a stream. For that this library puts a
 * `Response` of its own in the place of the platform's, in the whole process.
 *
 * The library is loaded after the start: it makes Node.js load its `fetch` and HTTP/2, which takes half as long as
 * Node.js itself.
 */
export function createNotesHandler(handler: McpHttpHandler): GatedHandler {
  let loading: Promise<typeof import('@hono/node-server')> | undefined;
  const load = () => {
    loading ??= import('@hono/node-server');
    return loading;
  };
  setTimeout(load, loadAfterMs).unref();
  return async (request, response, body) => {
    const { getRequestListener } = await load();
    const { auth } = request;
    const listener = getRequestListener(
      (fetched) =>
        handler
          .fetch(fetched, { ...(auth && { authInfo: auth }), parsedBody: body })
          // It was closed: the server ends.
          .catch(() => new Response(null, { status: 503 })),
      // The gate has read the body to its end.
      { autoCleanupIncoming: false },
    );
    return listener(request, response);
  };
}
