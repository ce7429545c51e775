import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { gate } from './gate.ts';
import { handler } from './hello-v2.ts';

export const server = createServer(nodeGate(gate, toNodeHandler(handler)));
server.listen(process.env['PORT'] ?? 8000);
