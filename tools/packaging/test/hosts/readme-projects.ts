/** The snippets of a README as projects: what is installed for each, and which files a reader saves. */
import { posix } from 'node:path';

/** One snippet with all that a reader needs for it. */
export interface ReadmeProject {
  /** The heading above the snippet and its SDK, such as `node-http-v2`. */
  readonly name: string;
  /** What the line above the snippet installs. */
  readonly install: readonly string[];
  /** The code of each file, by its path. */
  readonly files: Readonly<Record<string, string>>;
  /** The file to run. */
  readonly entry: string;
}

interface Block {
  readonly heading: string;
  readonly language: string;
  readonly code: string;
  /** The path that stands above the block. */
  readonly path: string | undefined;
}

interface Draft {
  readonly heading: string;
  readonly install: readonly string[];
  readonly files: Record<string, string>;
}

/** Reads every project of a README, in its order. The first is the example at its top. */
export function readProjects(markdown: string): readonly ReadmeProject[] {
  const shared: Record<string, string> = {};
  const drafts: Draft[] = [];
  for (const { heading, language, code, path } of readBlocks(markdown)) {
    const [, install] = /^npm install (?!--save-dev)(.+)$/m.exec(code) ?? [];
    if (language === 'sh' && install !== undefined) {
      drafts.push({ heading, install: install.split(' '), files: {} });
    }
    if (language !== 'ts') continue;
    const draft = drafts.findLast((each) => each.heading === heading);
    if (draft === undefined) shared[path ?? ''] = code;
    else draft.files[path ?? 'server.ts'] = code;
  }
  return drafts.map(({ heading, install, files }) => ({
    name: nameOf(heading, install),
    install,
    files: withImported(files, shared),
    entry: Object.keys(files).find((path) => /^server\.ts$|\/mcp\/route\.ts$/.test(path)) ?? '',
  }));
}

/** The packages that the files of a project import. */
export function importedPackages({ files }: ReadmeProject): readonly string[] {
  const specifiers = Object.values(files).flatMap((code) =>
    [...code.matchAll(/ from '([^'.][^']*)'/g)].map(([, specifier = '']) => specifier),
  );
  const names = specifiers
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  return [...new Set(names)].sort();
}

function readBlocks(markdown: string): readonly Block[] {
  const pattern = /^#{2,3} ([^\n]+)$|^`([^`\n]+\.ts)`[^\n]*\n\n(?=```ts)|^```(\w*)\n(.*?)^```$/gms;
  let heading = 'Example';
  let path: string | undefined;
  const blocks: Block[] = [];
  for (const [, newHeading, newPath, language, code = ''] of markdown.matchAll(pattern)) {
    heading = newHeading ?? heading;
    if (language !== undefined) blocks.push({ heading, language, code, path });
    path = newPath;
  }
  return blocks;
}

function nameOf(heading: string, install: readonly string[]): string {
  const sdk = install.includes('@modelcontextprotocol/sdk') ? 'v1' : 'v2';
  const words = heading.toLowerCase().match(/[a-z]+|\d/g) ?? [];
  return [...words.filter((word) => word !== 'and'), sdk].join('-');
}

/** The files, and those of the shared ones that they import. */
function withImported(
  files: Readonly<Record<string, string>>,
  shared: Readonly<Record<string, string>>,
): Record<string, string> {
  const all = { ...files };
  for (const [path, code] of Object.entries(files)) {
    for (const [, specifier = ''] of code.matchAll(/ from '(\.[^']+)'/g)) {
      const imported = posix.join(posix.dirname(path), specifier);
      const found = shared[imported];
      if (found !== undefined) all[imported] = found;
    }
  }
  return all;
}
