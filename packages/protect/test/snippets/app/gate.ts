import { protect } from '@sallyport/protect/fetch';
import { handler } from '../notes-v2.ts';
import { settings } from '../settings.ts';

// The number of proxies that append to X-Forwarded-For: 1 on Vercel and behind nginx.
export const gated = await protect({ ...settings, trustedProxyHops: 1 }, handler.fetch);
