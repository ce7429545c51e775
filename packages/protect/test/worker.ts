/** A Worker as people write it: composed when the module loads, and no more than `protect` in front of a handler. */
import { protect } from '../src/fetch.ts';

interface Bindings {
  readonly GREETING: string;
}

const fetch = await protect(
  {
    resource: 'https://mcp.example.com/mcp',
    issuer: process.env['ISSUER'] ?? '',
    tools: { read_note: ['notes:read'], write_note: ['notes:write'] },
  },
  (_request, { authInfo }, env) =>
    new Response(`${(env as Bindings).GREETING} ${authInfo?.extra.subject}`),
);

// biome-ignore lint/style/noDefaultExport: workerd looks for nothing else.
export default { fetch };
