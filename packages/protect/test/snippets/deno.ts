import { protect } from '@sallyport/protect/fetch';
import { handler } from './notes-v2.ts';
import { settings } from './settings.ts';

const fetch = await protect(settings, handler.fetch);
Deno.serve({ port: Number(process.env['PORT'] ?? 8000) }, fetch);
