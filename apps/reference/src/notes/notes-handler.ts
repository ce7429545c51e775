import { getRequestListener } from '@hono/node-server';
import type { McpHttpHandler } from '@modelcontextprotocol/server';
import type { GatedHandler } from '@sallyport/mcp-adapter/node';

/**
 * What stands behind the gate. The SDK's `toNodeHandler` does the same at several times the cost: it
 * writes the parsed body out again, and reads every answer as a stream. For that this library puts a
 * `Response` of its own in the place of the platform's, in the whole process.
 */
export function createNotesHandler(handler: McpHttpHandler): GatedHandler {
  return async (request, response, body) => {
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
