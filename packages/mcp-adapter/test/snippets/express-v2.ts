import { toNodeHandler } from '@modelcontextprotocol/node';
import { expressGate } from '@sallyport/mcp-adapter/express';
import express from 'express';
import { gate } from './gate.ts';
import { handler } from './hello-v2.ts';

const app = express();
app.use(expressGate(gate));
app.all('/mcp', (request, response) => toNodeHandler(handler)(request, response, request.body));
export const server = app.listen(process.env['PORT'] ?? 8000);
