/** Chromium, as Debian installs it. `.ci/install-chromium` does so where it is missing. */
import { spawnSync } from 'node:child_process';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

export const hasChromium: boolean = spawnSync('chromium', ['--version']).status === 0;

export function launchChromium(): Promise<Browser> {
  const path = spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim();
  return chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}

/** Takes a screenshot, and makes it smaller if pngquant is on the PATH. */
export async function takeScreenshot(page: Page, path: string): Promise<void> {
  await page.screenshot({ path, animations: 'disabled' });
  spawnSync('pngquant', ['--force', '--strip', '--output', path, '64', path]);
}

export const desktop = { width: 1180, height: 900 } as const;
export const phone = { width: 390, height: 844 } as const;

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Runs axe-core on a page. Returns what it finds, one line each. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  // Through the debugger: the policy of the page would refuse it, as it should.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: readonly Finding[] }>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** Whether something is wider than the window. */
export function isScrolledSideways(page: Page): Promise<boolean> {
  return page.evaluate(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
}
