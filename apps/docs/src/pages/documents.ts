/** Pages made from documents of the repository: the READMEs of packages, and what stands in `docs`. */
import { posix } from 'node:path';
import { exists, list, readSource } from '../repository.ts';
import type { Page } from './page.ts';

const sourceAddress = 'https://github.com/sallyport/sallyport/blob/main/';

/** Documents other than READMEs of packages, and their pages. */
const documents: Readonly<Record<string, string>> = {
  'docs/architecture.md': 'architecture.md',
  'docs/requirements.md': 'requirements.md',
  'docs/licenses.md': 'licenses.md',
  'docs/test-quality.md': 'test-quality.md',
  'SECURITY.md': 'threat-model.md',
  'RELEASING.md': 'releases.md',
  'CONTRIBUTING.md': 'contributing.md',
  'apps/reference/README.md': 'operate/reference-server.md',
  'apps/reference/DEPLOY.md': 'operate/cloud-run.md',
  'apps/reference/deploy/README.md': 'operate/deploy.md',
  'apps/reference/operations/README.md': 'operate/alerts.md',
  'apps/bench/README.md': 'benchmarks.md',
};

/** The page of each document, by the path of the document. */
export const pageOfDocument: ReadonlyMap<string, string> = new Map([
  ...Object.entries(documents),
  ...list('packages/*/README.md').map(
    (source) => [source, `packages/${source.split('/')[1]}.md`] as const,
  ),
]);

export function documentPages(): readonly Page[] {
  return [...pageOfDocument].map(([source, path]) => ({
    path,
    text: `---\neditLink: true\n---\n\n${rewriteLinks(readSource(source), source)}`,
    source,
  }));
}

/** Relative links lead to the page of a document, and otherwise to the file in the repository. */
export function rewriteLinks(text: string, source: string): string {
  return outsideCode(text, (part) =>
    part.replace(
      /\]\((?!https?:|#|\/)([^)#\s]+)(#[^)\s]*)?\)/g,
      (_all, target: string, anchor = '') => `](${resolve(source, target)}${anchor})`,
    ),
  );
}

/** Changes what is neither in a block of code nor in inline code. */
export function outsideCode(text: string, change: (part: string) => string): string {
  return text
    .split(/(^```[\s\S]*?^```$|`[^`\n]+`)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

function resolve(source: string, target: string): string {
  const path = posix.join(posix.dirname(source), target).replace(/\/$/, '');
  const page = pageOfDocument.get(path) ?? pageOfDocument.get(`${path}/README.md`);
  if (page !== undefined) return `/${page.replace(/\.md$/, '')}`;
  const [, written] = /^apps\/docs\/content\/(.+)\.md$/.exec(path) ?? [];
  if (written !== undefined) return `/${written}`;
  if (!exists(path)) throw new Error(`${source} links to ${target}, which does not exist`);
  return `${sourceAddress}${path}`;
}
