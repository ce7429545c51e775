/** All pages of the site. */
import { errorIndexPage } from './errors/error-index.ts';
import { tokenErrorPages } from './errors/token-errors.ts';
import { transportErrorPages } from './errors/transport-errors.ts';
import { wireErrorPages } from './errors/wire-errors.ts';
import { documentPages } from './pages/documents.ts';
import { handWrittenPages } from './pages/hand-written.ts';
import type { Page } from './pages/page.ts';
import { providerPages } from './pages/providers.ts';
import { variablesPage } from './pages/variables.ts';
import { startUpPages } from './start-up/start-up-pages.ts';

/** Every page except the API reference, which TypeDoc writes. */
export async function assemblePages(): Promise<readonly Page[]> {
  const pages = [
    ...handWrittenPages(),
    ...documentPages(),
    ...providerPages(),
    variablesPage(),
    errorIndexPage(),
    ...tokenErrorPages(),
    ...wireErrorPages(),
    ...transportErrorPages(),
    ...(await startUpPages()),
  ];
  const paths = new Set<string>();
  for (const { path, source } of pages) {
    if (paths.has(path)) throw new Error(`two pages are ${path}; one is from ${source}`);
    paths.add(path);
  }
  return pages;
}
