/** The pages in a real browser: clicking, copying, the keyboard, barriers, and nothing from elsewhere. */

import { createLandingPage } from '@sallyport/landing-page';
import {
  desktop,
  findBarriers,
  hasChromium,
  isScrolledSideways,
  launchChromium,
  phone,
} from '@sallyport/test-parts/chromium';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startConsent } from './consent.ts';
import { type LiveServer, startLiveServer } from './live-server.ts';
import { goodToken, type ProtectedServer, settingsFor, start } from './protected-servers.ts';

describe.skipIf(!hasChromium)('in Chromium', () => {
  let browser: Browser;
  let server: ProtectedServer;
  let context: BrowserContext | undefined;
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
    server = await start(
      'node',
      settingsFor({ resourceName: 'Field notes', landingPage: createLandingPage() }),
    );
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(async () => {
    await context?.close();
    // Among them are violations of the policy of a page.
    expect(complaints.splice(0)).toEqual([]);
  });

  async function openPage(
    url: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Page> {
    context = await browser.newContext({ viewport: desktop, ...options });
    const page = await context.newPage();
    const { origin } = new URL(url);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== origin) complaints.push(`asks ${request.url()}`);
    });
    await page.goto(url);
    return page;
  }

  /** In light and dark, at the width of a desktop and of a phone. */
  async function findAllBarriers(page: Page): Promise<readonly string[]> {
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const viewport of [desktop, phone]) {
        const look = `${colorScheme}, ${viewport.width} wide`;
        await page.setViewportSize(viewport);
        if (await isScrolledSideways(page)) found.push(`${look}: is scrolled sideways`);
        const barriers = await findBarriers(page);
        found.push(...barriers.map((each) => `${look}: ${each}`));
      }
    }
    return found;
  }

  describe('the landing page', () => {
    it('PAGE-04: has no barriers', async () => {
      const page = await openPage(`${server.origin}/`);
      await page.evaluate(
        "for (const each of document.querySelectorAll('details')) each.open = true",
      );

      expect(await findAllBarriers(page)).toEqual([]);
    });

    it('copies each line, and says so', async () => {
      const page = await openPage(`${server.origin}/mcp`);
      await context?.grantPermissions(['clipboard-read', 'clipboard-write']);
      for (const summary of await page.locator('summary').all()) await summary.click();
      const buttons = await page.locator('button[data-copy]').all();
      await keepMessages(page);
      const copied: string[] = [];
      for (const button of buttons) {
        await button.click();
        copied.push(await page.evaluate('navigator.clipboard.readText()'));
      }

      const shown = await page.locator('pre code').allTextContents();
      expect(copied).toEqual(shown);
      expect(copied).toContain('codex mcp add field-notes --url https://notes.example.com/mcp');
      expect(copied.length).toBeGreaterThanOrEqual(9);
      expect(await page.getByRole('status').textContent()).toBe('Copied the command for curl.');
      expect(await buttons.at(-1)?.textContent()).toBe('Copied the command for curl');
    });

    it('PAGE-04: works with the keyboard alone', async () => {
      const page = await openPage(`${server.origin}/`);
      await context?.grantPermissions(['clipboard-read', 'clipboard-write']);
      await keepMessages(page);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.getByRole('status').textContent()).toBe('Copied the address.');
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');

      expect(outline).toBe('solid');
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
        'https://notes.example.com/mcp',
      );
    });

    it('PAGE-04: can be read without a script', async () => {
      const page = await openPage(`${server.origin}/`, { javaScriptEnabled: false });

      expect(await page.locator('h1').textContent()).toBe('Field notes');
      expect(await page.locator('button:visible').count()).toBe(0);
      expect(await page.locator('#address').isVisible()).toBe(true);
    });

    it.each([
      ['long', 'W'.repeat(200), 'ltr'],
      ['right to left', 'خادم الملاحظات الميدانية', 'rtl'],
    ])('fits a phone with a name that is %s', async (_what, resourceName, direction) => {
      const named = await start(
        'node',
        settingsFor({ resourceName, landingPage: createLandingPage() }),
      );
      const page = await openPage(`${named.origin}/`, { viewport: phone });
      const isWide = await isScrolledSideways(page);
      const shown = await page.evaluate("getComputedStyle(document.querySelector('h1')).direction");
      await named.close();

      expect([isWide, shown]).toEqual([false, direction]);
    });
  });

  describe('the live view', () => {
    let live: LiveServer;
    afterEach(() => live?.close());

    it('shows what happens, explains a token, and survives a reload', async () => {
      live = await startLiveServer();
      const page = await openPage(live.origin + live.link());
      await live.call('read_note', goodToken);
      await live.call('read_note', 'a-token-that-nobody-issued');
      const text = (id: string) => page.locator(id).textContent();
      // The page asks every two seconds, also between the two calls.
      await expect
        .poll(() => Promise.all(['#accepted', '#refused', '#limited'].map(text)))
        .toEqual(['1', '1', '0']);

      expect(await text('#refusals')).toContain('not one of the static tokens');
      expect(await page.locator('#chart').getAttribute('aria-label')).toBe(
        'In the last 10 minutes: 1 accepted, 1 refused, 0 limited',
      );
      expect(page.url()).toBe(`${live.origin}/mcp?live-view`);

      await page.fill('#token', 'abc.def.ghi');
      await page.click('#explain button');
      await page.getByText('The gate refuses this token: 401 token_audience_mismatch').waitFor();
      expect(await page.inputValue('#token')).toBe('');
      expect(live.explained).toEqual(['abc.def.ghi']);
      expect(await findAllBarriers(page)).toEqual([]);

      await page.reload();
      await expect.poll(() => text('#accepted')).toBe('1');
      await page.click('#pause');
      expect(await text('#state')).toBe('Paused');
    });
  });

  describe('the consent page of the local authorization server', () => {
    let issuer: AuthorizationServer;
    beforeAll(async () => {
      issuer = await startAuthorizationServer({
        algorithm: 'ES256',
        resources: [
          { resource: 'http://localhost:8000/mcp', scopes: ['notes:read', 'notes:write'] },
        ],
      });
    });
    afterAll(() => issuer?.stop());

    it('has no barriers, and sends a person back to the client', async () => {
      const { url, callback } = await startConsent(issuer, 'MCP Inspector');
      const page = await openPage(url);
      expect(await findAllBarriers(page)).toEqual([]);

      await page.route(`${callback}*`, (route) => route.fulfill({ body: 'back' }));
      await page.fill('#subject', 'ada');
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.waitForURL(`${callback}*`);

      expect(new URL(page.url()).searchParams.get('code')).toMatch(/.{20,}/);
      // That is where the person goes.
      expect(complaints.splice(0).every((each) => each.startsWith(`asks ${callback}`))).toBe(true);
    });
  });
});

/** The page takes a message away after 2.5 seconds, which may be before a busy machine has read it. */
async function keepMessages(page: Page): Promise<void> {
  await page.evaluate('window.setTimeout = () => 0');
}
