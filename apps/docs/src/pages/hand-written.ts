/** The pages of the folder `content`. */
import { posix } from 'node:path';
import { list, readSource } from '../repository.ts';
import { rewriteLinks } from './documents.ts';
import type { Page } from './page.ts';
import { readSection } from './sections.ts';

const folder = 'apps/docs/content/';

/** Every page that people write, with the marks of its code blocks. */
export function handWrittenPages(): readonly Page[] {
  return list(`${folder}**/*.md`)
    .filter((source) => !source.includes('/notes/'))
    .map((source) => ({
      path: source.slice(folder.length),
      text: linkPages(fillIn(readSource(source)), source),
      source,
    }));
}

/** Turns a link to another file, which works on GitHub as well, into a link to its page. */
function linkPages(text: string, source: string): string {
  return text.replace(
    /\]\((\.{1,2}\/[^)#\s]+)\.md(#[^)\s]*)?\)/g,
    (_all, target: string, anchor = '') =>
      `](/${posix.join(posix.dirname(source), target).slice(folder.length)}${anchor})`,
  );
}

/**
 * Puts a section of another document in place of a line such as
 * `<!-- section: apps/reference/DEPLOY.md#1. Google -->`. The heading of the section is left out.
 */
function fillIn(text: string): string {
  return text.replace(
    /^<!-- section: ([^#\n]+)#(.+) -->$/gm,
    (_all, file: string, heading: string) => rewriteLinks(readSection(file, heading), file),
  );
}
