import { protect } from '@sallyport/protect/fetch';
import { handler } from './notes-v2.ts';
import { settings } from './settings.ts';

export default { fetch: await protect(settings, handler.fetch) };
