/** Writes all pages into `site`, where VitePress reads them. With `--quick`, without the API reference. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeReference } from './api-reference.ts';
import { assemblePages } from './assemble.ts';
import { writeNavigation } from './navigation.ts';
import { withoutTemplates } from './pages/without-templates.ts';
import { withoutMarks } from './snippets/code-blocks.ts';

const site = new URL('../site/', import.meta.url);
const isQuick = process.argv.includes('--quick');

rmSync(site, { recursive: true, force: true });
const pages = await assemblePages();
for (const { path, text } of pages) {
  const file = new URL(path, site);
  mkdirSync(dirname(file.pathname), { recursive: true });
  const plain = path === 'index.md' ? text : withoutTemplates(text);
  writeFileSync(file, withoutMarks(plain));
}
const reference = isQuick ? [] : await writeReference(site);
writeNavigation(new URL('navigation.json', site), pages, reference);
