/** The page in a real browser: its policy, the whole redirect chain, the keyboard, and barriers. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  desktop,
  findBarriers,
  hasChromium,
  isScrolledSideways,
  launchChromium,
} from '@sallyport/test-parts/chromium';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askToken, redemptionOf, register, requestOf } from './raw-flow.ts';
import { type Served, startServed } from './served.ts';

describe.skipIf(!hasChromium)('in Chromium', () => {
  let browser: Browser;
  let served: Served;
  let withPage: Served;
  let program: Server;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[] = [];
  /** What the page of the client's own server holds. */
  let markup = '';
  const visits: URL[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
    served = await startServed('sends iss');
    withPage = await startServed('plain', { showsPage: true });
    // The client's own server, at every loopback address.
    program = createServer((request, response) => {
      // The browser asks for an icon by itself, perhaps while the next test runs.
      if (request.url !== '/favicon.ico') {
        visits.push(new URL(`http://${request.headers.host}${request.url}`));
      }
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><title>Client</title>${markup}`);
    }).listen(0, '::');
    await once(program, 'listening');
  });
  afterAll(async () => {
    await browser?.close();
    program?.close();
    await served?.stop();
    await withPage?.stop();
  });
  // A context for each test: a navigation that one test leaves pending could stop the form of the next.
  beforeEach(async () => {
    context = await browser.newContext({ viewport: desktop });
    page = await context.newPage();
    // A line that arrives late belongs to its own test.
    const own: string[] = [];
    complaints = own;
    page.on('console', (message) => {
      if (!isAboutStatus(message.text())) own.push(message.text());
    });
    page.on('pageerror', (error) => own.push(String(error)));
    markup = '';
    visits.length = 0;
  });
  afterEach(async () => {
    await context.close();
    // Among them are violations of the policy of the page.
    expect(complaints).toEqual([]);
  });

  const portOf = () => (program.address() as AddressInfo).port;

  async function open(server: Served, redirectUri: string, name?: string) {
    const client = await register(server, {
      redirect_uris: [redirectUri],
      ...(name !== undefined && { client_name: name }),
    });
    await page.goto(`${server.issuer}/authorize?${new URLSearchParams(requestOf(server, client))}`);
    return client;
  }

  const isAtProgram = (url: URL) => url.port === String(portOf());

  it.each(['127.0.0.1', '[::1]'])(
    'REG-23: the form may lead through the provider and the callback to a program at %s',
    async (host) => {
      const client = await open(served, `http://${host}:${portOf()}/callback`);
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.waitForURL(isAtProgram);
      const code = visits[0]?.searchParams.get('code') ?? '';
      const { status } = await askToken(served, redemptionOf(served, client, code));

      expect(status).toBe(200);
      expect(await context.cookies()).not.toContainEqual(
        expect.objectContaining({ name: expect.stringContaining('sallyport-') }),
      );
    },
  );

  it('REG-23: works with the keyboard alone, and with a page of the provider between', async () => {
    await open(withPage, `http://localhost:${portOf()}/callback`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname.startsWith('/interaction/'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(isAtProgram);

    expect(visits[0]?.searchParams.get('code')).toBeTruthy();
    expect(visits[0]?.searchParams.get('iss')).toBe(withPage.issuer);
  });

  it('REG-23: Deny leads back to the program', async () => {
    await open(served, `http://localhost:${portOf()}/callback`);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.waitForURL(isAtProgram);

    expect(visits[0]?.searchParams.get('error')).toBe('access_denied');
  });

  it('REG-23: the form may lead to an app with a scheme of its own', async () => {
    await open(served, 'cursor://anysphere.cursor-mcp/oauth/callback', 'Cursor');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('button', { name: 'Allow' }).click();
    await expect
      .poll(() => asked.some((url) => url.startsWith('cursor://anysphere.cursor-mcp/')))
      .toBe(true);
  });

  it('REG-23: a page that frames the consent shows nothing of it', async () => {
    const client = await open(served, `http://localhost:${portOf()}/callback`);
    const url = `${served.issuer}/authorize?${new URLSearchParams(requestOf(served, client))}`;
    await page.goto(`http://localhost:${portOf()}/`);
    await page.evaluate(
      `new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.onload = resolve;
        frame.src = ${JSON.stringify(url)};
        document.body.append(frame);
      })`,
    );
    const [, frame] = page.frames();

    expect(await frame?.content()).not.toContain('Allow access');
    // The browser may say so after the frame has loaded.
    await expect.poll(() => complaints.join()).toMatch(/frame/i);
    // There may be more of them.
    complaints = [];
  });

  it('REG-23: another site cannot send the form', async () => {
    await open(served, `http://localhost:${portOf()}/callback`);
    const ticket = await page.locator('input[name=request]').inputValue();
    markup = `<form method="post" action="${served.issuer}/consent"><input name="request" value="${ticket}"><button name="decision" value="allow">x</button></form>`;
    await page.goto(`http://127.0.0.1:${portOf()}/`);
    await page.getByRole('button').click();
    await page.getByText('Another page sent this form.').waitFor();

    expect(await context.cookies()).toEqual([]);
  });

  it('REG-23: has no barriers, in light and dark, at a desktop and a phone', async () => {
    await open(served, `http://localhost:${portOf()}/${'long-'.repeat(60)}`, 'Claude '.repeat(20));
    for (const [width, colorScheme] of [[1_180, 'light'] as const, [390, 'dark'] as const]) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme });

      expect(await isScrolledSideways(page)).toBe(false);
      expect(await findBarriers(page)).toEqual([]);
    }
  });
});

/**
 * The browser's line about a status of 400 or more. It arrives at any time after the answer, so a test cannot wait for
 * it or rule it out. The tests read what the page shows.
 */
function isAboutStatus(text: string): boolean {
  return text.startsWith('Failed to load resource: the server responded with a status of');
}
