/** The pages, assembled once for all test files of a worker. */
import { assemblePages } from '../src/assemble.ts';
import type { Page } from '../src/pages/page.ts';

export const pages: readonly Page[] = await assemblePages();
