/** The server of either SDK line over stdio, as a program: `stdio-server.ts <revision>`. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServerV1 } from './server-v1.ts';
import { createServerV2 } from './server-v2.ts';

if (process.argv[2] === '2025-11-25') {
  // The types of SDK v1 do not know `exactOptionalPropertyTypes`.
  await createServerV1().connect(new StdioServerTransport() as never);
} else {
  serveStdio(createServerV2);
}
