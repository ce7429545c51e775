import type { RequestListener, ServerResponse } from 'node:http';
import type { McpGate } from '@sallyport/mcp-adapter';
import { type GatedHandler, nodeGate } from '@sallyport/mcp-adapter/node';
import { createConvenience } from '../development/convenience.ts';
import type { McpEndpoint } from './mcp-endpoint.ts';

/** Options for {@link createNotesListener}. */
export interface NotesListenerOptions {
  readonly gate: McpGate;
  readonly endpoint: McpEndpoint;
  readonly resource: string;
  /** How many proxies in front write the client's address. */
  readonly trustedProxyHops: number;
}

/** Routes requests. All of them pass the gate; `/health` is answered before, in `lifecycle.ts`. */
export function createNotesListener(options: NotesListenerOptions): RequestListener {
  const { gate, endpoint, resource, trustedProxyHops } = options;
  const mcpPath = new URL(resource).pathname;
  const serve: GatedHandler = (request, response, body) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== mcpPath) return notFound(response);
    return endpoint.serve(request, response, body);
  };
  const gated = nodeGate(gate, serve, { trustedProxyHops });
  const convenienceFor = createConvenience(options);

  return (request, response) => {
    const listener = convenienceFor(request) ?? gated;
    void listener(request, response);
  };
}

/** Only for those who got past the gate: strangers cannot even learn which paths there are. */
function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ error_description: 'Nothing here' }));
}
