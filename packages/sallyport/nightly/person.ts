/** A person with Chromium, and a home of their own, in front of a client. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { programPath } from './foreign-programs.ts';

/** What the tests use of a page of playwright-core. */
export interface Page {
  goto(address: string): Promise<unknown>;
  waitForURL(wanted: (url: URL) => boolean): Promise<void>;
  getByRole(role: string, options: { readonly name: RegExp }): Locator;
  getByText(text: string): Locator;
}
interface Locator {
  click(options?: { readonly force: boolean }): Promise<void>;
  first(): Locator;
  waitFor(): Promise<void>;
}
interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

export interface Person {
  readonly home: string;
  /** For the client's process: it opens pages by writing their addresses into a file. */
  readonly environment: Readonly<Record<string, string>>;
  newPage(): Promise<Page>;
  /** Waits until the client opens a page, and clicks Allow there. */
  consent(): Promise<void>;
  leave(): Promise<void>;
}

/** @param folder What `installForeignPrograms` returned. */
export async function createPerson(folder: string): Promise<Person> {
  const entry = pathToFileURL(join(folder, 'node_modules/playwright-core/index.mjs')).href;
  const { chromium } = (await import(entry)) as {
    chromium: { launch(options: object): Promise<Browser> };
  };
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  // Codex refuses a home below the folder for temporary files.
  const home = mkdtempSync(join(homedir(), '.sallyport-nightly-'));
  const visits = join(home, 'visits');
  const script = join(home, 'browser');
  writeFileSync(script, `#!/bin/sh\necho "$1" >> "${visits}"\n`);
  chmodSync(script, 0o755);
  const listVisits = () =>
    existsSync(visits) ? readFileSync(visits, 'utf8').trim().split('\n') : [];
  return {
    home,
    environment: {
      PATH: programPath,
      HOME: home,
      BROWSER: script,
      TERM: 'xterm',
      MCP_REMOTE_CONFIG_DIR: join(home, 'mcp-remote'),
    },
    newPage: () => browser.newPage(),
    async consent() {
      await expect.poll(listVisits).toHaveLength(1);
      const page = await browser.newPage();
      await page.goto(listVisits()[0] ?? '');
      await allow(page);
    },
    async leave() {
      await browser.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Clicks Allow on the consent page, and waits until the browser has left it. */
export async function allow(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^allow/i }).click();
  await page.waitForURL(({ pathname }) => !/\/(?:authorize|interaction)/.test(pathname));
}

function findChromium(): string {
  const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => existsSync(path),
  );
  if (found === undefined) throw new Error('Chromium is missing: install the package "chromium".');
  return found;
}
