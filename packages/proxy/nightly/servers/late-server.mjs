/**
 * A server over stdio that takes four seconds to start: `late-server.mjs native`, `older`, `silent`, or `sdk` for one of
 * SDK v2.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const [kind] = process.argv.slice(2);
const revision = 'io.modelcontextprotocol/protocolVersion';
const serverInfo = { name: 'late', version: '1' };
await sleep(4_000);
if (kind === 'sdk') await serveWithSdk();
else await serve();

function serveWithSdk() {
  return import('../../test/command/servers/stateless-server.ts');
}

async function serve() {
  const answers = {
    'server/discover': {
      native: {
        result: { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, serverInfo },
      },
      older: { error: { code: -32601, message: 'Method not found' } },
    },
    initialize: {
      native: { error: { code: -32022, message: 'Unsupported protocol version' } },
      older: { result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } },
      silent: {
        result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo },
      },
    },
  };

  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    // It says which revision the call speaks.
    const text = String(params?._meta?.[revision]);
    const answer =
      method === 'tools/call'
        ? { result: { content: [{ type: 'text', text }], resultType: 'complete' } }
        : answers[method]?.[kind];
    if (id !== undefined && answer !== undefined) {
      process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
    }
  }
}
