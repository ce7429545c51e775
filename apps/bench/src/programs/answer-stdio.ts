/** A child process that speaks over stdio. It is as cheap as an MCP server can be, so the figures show the proxy. */
import { createInterface } from 'node:readline';
import { answer, type Message } from '../servers/cheap-server.ts';

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message;
  if (message.id === undefined) continue;
  const result = answer(message);
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, result })}\n`);
}
