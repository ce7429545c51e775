import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { protect } from '@sallyport/protect/fetch';
import { connectNotes } from './notes-v1.ts';
import { settings } from './settings.ts';

const fetch = await protect(settings, async (request, admission) => {
  const transport = new WebStandardStreamableHTTPServerTransport();
  await connectNotes(transport);
  return transport.handleRequest(request, admission);
});
export default { fetch };
