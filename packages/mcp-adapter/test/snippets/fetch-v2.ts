import { fetchGate } from '@sallyport/mcp-adapter/fetch';
import { gate } from './gate.ts';
import { handler } from './hello-v2.ts';

const gated = fetchGate(gate, handler.fetch);
export default {
  fetch: (request: Request) => gated(request, request.headers.get('CF-Connecting-IP') ?? 'unknown'),
};
