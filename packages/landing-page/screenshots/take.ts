/**
 * Takes the screenshots of the documentation into `docs/screenshots`, in light and dark, for a desktop and a phone.
 * `pnpm --dir packages/landing-page screenshots`. With pngquant on the PATH, the files are a third as large.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLandingPage } from '@sallyport/landing-page';
import { desktop, launchChromium, phone, takeScreenshot } from '@sallyport/test-parts/chromium';
import { startAuthorizationServer } from '@sallyport/testing';
import type { Page } from 'playwright-core';
import { startConsent } from '../test/consent.ts';
import { startLiveServer, work } from '../test/live-server.ts';
import { settingsFor, start } from '../test/protected-servers.ts';

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
mkdirSync(folder, { recursive: true });

let clock = Date.now() - 580_000;
const live = await startLiveServer({ now: () => clock });
await work(live, () => {
  clock += 10_000;
});
const notes = await start(
  'node',
  settingsFor({ resourceName: 'Field notes', landingPage: createLandingPage() }),
);
const issuer = await startAuthorizationServer({
  algorithm: 'ES256',
  resources: [{ resource: 'http://localhost:8000/mcp', scopes: ['notes:read', 'notes:write'] }],
});
const browser = await launchChromium();

type Prepare = (page: Page) => Promise<unknown>;

async function explain(page: Page): Promise<void> {
  await page.locator('#state', { hasText: 'Updated' }).waitFor();
  await page.fill('#token', 'abc.def.ghi');
  await page.click('#explain button');
  await page.locator('.checks').waitFor();
  await page.locator('#explain-title').evaluate((title) => title.scrollIntoView());
  await page.mouse.wheel(0, -24);
}

const pages: Readonly<Record<string, readonly [url: () => Promise<string>, prepare: Prepare]>> = {
  'landing-page': [async () => `${notes.origin}/`, async () => {}],
  'live-view': [
    async () => live.origin + live.link(),
    (page) => page.locator('#state', { hasText: 'Updated' }).waitFor(),
  ],
  'token-box': [async () => live.origin + live.link(), explain],
  'consent-page': [async () => (await startConsent(issuer, 'MCP Inspector')).url, async () => {}],
};

for (const [name, [url, prepare]] of Object.entries(pages)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries({ desktop, phone })) {
      const page = await browser.newPage({ colorScheme, viewport });
      await page.goto(await url());
      await prepare(page);
      const path = `${folder}${name}-${colorScheme}-${size}.png`;
      await takeScreenshot(page, path);
      await page.close();
    }
  }
}

await browser.close();
await Promise.all([live.close(), notes.close(), issuer.stop()]);
