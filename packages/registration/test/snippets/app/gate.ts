/** Stands in for the file that people have: `app/gate.ts` of the README of `@sallyport/protect`, with a sign-in. */
import { protect } from '@sallyport/protect/fetch';
import { general } from '@sallyport/registration';
import { endpoints, settingsWith } from '../../in-process.ts';
import { sealingKey } from '../../served.ts';

const signIn = general({ clientId: 'the-mcp-server', sealingKey, ...endpoints });
const settings = settingsWith(signIn);

export const gated = await protect(
  { ...settings, trustedProxyHops: 1 },
  () => new Response('notes'),
);
