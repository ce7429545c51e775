/** A page of the site, before VitePress renders it. */
export interface Page {
  /** From the top of the site, such as `errors/token_expired.md`. */
  readonly path: string;
  /** Markdown. Code blocks of hand-written pages still have their marks. */
  readonly text: string;
  /** The file that people change to change the page, from the top of the repository. */
  readonly source: string;
}

/** The address of a page, such as `/errors/token_expired`. */
export function addressOf({ path }: Pick<Page, 'path'>): string {
  return `/${path.replace(/(^|\/)index\.md$|\.md$/, '$1')}`;
}

/** The first heading. */
export function titleOf({ text, path }: Page): string {
  const [, title] = /^# (.+)$/m.exec(text) ?? [];
  if (title === undefined) throw new Error(`${path} has no heading`);
  return title.replaceAll('`', '');
}
