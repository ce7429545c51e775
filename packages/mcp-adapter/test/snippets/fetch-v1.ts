import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { fetchGate } from '@sallyport/mcp-adapter/fetch';
import { gate } from './gate.ts';
import { createHello } from './hello-v1.ts';

const gated = fetchGate(gate, async (request, admission) => {
  const transport = new WebStandardStreamableHTTPServerTransport();
  await createHello().connect(transport);
  return transport.handleRequest(request, admission);
});
export default {
  fetch: (request: Request) => gated(request, request.headers.get('CF-Connecting-IP') ?? 'unknown'),
};
