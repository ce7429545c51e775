import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { protect } from '@sallyport/protect/node';
import { handler } from './notes-v2.ts';
import { settings } from './settings.ts';

export const server = createServer(await protect(settings, toNodeHandler(handler)));
server.listen(process.env['PORT'] ?? 8000);
