/**
 * Takes the screenshots of the sign-in page into `docs/screenshots`, in light and dark, for a desktop and a phone.
 * `pnpm --dir packages/registration screenshots`. With pngquant on the PATH, the files are a third as large.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { claudeAddress, register, requestOf } from '../test/raw-flow.ts';
import { startServed } from '../test/served.ts';

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const served = await startServed('plain', { settings: { resourceName: 'Field notes' } });
const path = spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim();
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });

const pages = {
  'sign-in-page': { redirect_uris: [claudeAddress], client_name: 'Claude' },
  'sign-in-local': { redirect_uris: ['http://localhost:6274/callback'], client_name: 'Inspector' },
};

for (const [name, metadata] of Object.entries(pages)) {
  const request = requestOf(served, await register(served, metadata));
  const query = new URLSearchParams({ ...request, scope: 'notes:read notes:write' });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of [
      ['desktop', { width: 1_180, height: 900 }],
      ['phone', { width: 390, height: 844 }],
    ] as const) {
      const page = await browser.newPage({ colorScheme, viewport });
      await page.goto(`${served.issuer}/authorize?${query}`);
      const file = `${folder}${name}-${colorScheme}-${size}.png`;
      await page.screenshot({ path: file, animations: 'disabled' });
      await page.close();
      spawnSync('pngquant', ['--force', '--strip', '--output', file, '64', file]);
    }
  }
}

await browser.close();
await served.stop();
