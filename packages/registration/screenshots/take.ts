/**
 * Takes the screenshots of the sign-in page into `docs/screenshots`, in light and dark, for a desktop and a phone.
 * `pnpm --dir packages/registration screenshots`. With pngquant on the PATH, the files are a third as large.
 */
import { fileURLToPath } from 'node:url';
import { desktop, launchChromium, phone, takeScreenshot } from '@sallyport/test-parts/chromium';
import { claudeAddress, register, requestOf } from '../test/raw-flow.ts';
import { startServed } from '../test/served.ts';

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const served = await startServed('plain', { settings: { resourceName: 'Field notes' } });
const browser = await launchChromium();

const pages = {
  'sign-in-page': { redirect_uris: [claudeAddress], client_name: 'Claude' },
  'sign-in-local': { redirect_uris: ['http://localhost:6274/callback'], client_name: 'Inspector' },
};

for (const [name, metadata] of Object.entries(pages)) {
  const request = requestOf(served, await register(served, metadata));
  const query = new URLSearchParams({ ...request, scope: 'notes:read notes:write' });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries({ desktop, phone })) {
      const page = await browser.newPage({ colorScheme, viewport });
      await page.goto(`${served.issuer}/authorize?${query}`);
      await takeScreenshot(page, `${folder}${name}-${colorScheme}-${size}.png`);
      await page.close();
    }
  }
}

await browser.close();
await served.stop();
