/**
 * Measures the memory of idle callers of a command, in a separate process: bytes for each caller, without its child.
 * It needs `--expose-gc`, and prints the number.
 */
import { createServer } from 'node:http';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createCommandUpstream } from '@sallyport/proxy';
import { createLoad } from '../requests/load.ts';
import { bytesRetained } from '../rounds/retained.ts';
import { createGate } from '../servers/gated-v1.ts';
import { listenOn } from '../servers/server-contestant.ts';
import { toolScope } from '../servers/tool-call.ts';
import { createIssuer } from '../tokens/issuer.ts';
import { mintToken } from '../tokens/tokens.ts';

const { gc } = globalThis;
if (gc === undefined) throw new Error('memory is measured under --expose-gc');
const collect = (): void => gc({ type: 'major', execution: 'sync' });

const callers = 20;
const few = 5;

// A shell takes a megabyte where Node.js takes fifty. It answers each request as `initialize` and as our tool.
const result = JSON.stringify({
  protocolVersion: '2025-11-25',
  capabilities: { tools: {} },
  serverInfo: { name: 'upstream', version: '1.0.0' },
  content: [{ type: 'text', text: 'Hello, World!' }],
});
const script = `while read -r line; do
  case "$line" in
    *'"id":'*) id="\${line#*'"id":'}"; printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "\${id%%[,\\}]*}" '${result}' ;;
  esac
done`;

const issuer = createIssuer('RS256');
const upstream = createCommandUpstream({
  command: '/bin/sh',
  args: ['-c', script],
  environment: {},
  maximumProcesses: 2 * callers,
});
const { port, close } = await listenOn(createServer(nodeGate(createGate(issuer), upstream.handle)));

/** Each caller is another subject. It begins a session, calls a tool, and keeps no connection. */
async function becomeIdle(count: number): Promise<void> {
  for (let caller = 0; caller < count; caller += 1) {
    const token = mintToken(issuer, { scope: toolScope });
    const load = createLoad(port, 'v1', { hasSessions: true });
    await load.run(1, () => token);
    await load.close();
  }
}

const { bytes } = await bytesRetained(collect, (scale) =>
  becomeIdle(scale === 'all' ? callers : few),
);
await upstream.close();
await close();
process.stdout.write(`\n${Math.round(bytes / callers)}`);
