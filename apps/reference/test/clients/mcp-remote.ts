/** `mcp-remote`, as desktop clients start it: a process that speaks stdio, with a browser beside it. */
import { createRequire } from 'node:module';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { onTestFinished } from 'vitest';
import { createPerson } from './person.ts';
import { serveNotes } from './served-notes.ts';

const program = createRequire(import.meta.url).resolve('mcp-remote/dist/proxy.js');

/** Serves notes, and connects nothing yet. All of it ends with the test. The arguments are those of {@link serveNotes}. */
export async function startMcpRemote(...served: Parameters<typeof serveNotes>) {
  const notes = await serveNotes(...served);
  const person = createPerson();
  const client = new Client({ name: 'test', version: '1.0.0' });
  onTestFinished(async () => {
    await client.close();
    person.leave();
    await notes.stop();
  });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, notes.url.href],
    env: { ...person.environment },
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const call = async (name: string, input: Record<string, unknown> = {}) =>
    JSON.stringify(await client.callTool({ name, arguments: input }));
  const connect = () => client.connect(transport as Parameters<typeof client.connect>[0]);
  return { ...notes, person, client, connect, call, said: () => said };
}
