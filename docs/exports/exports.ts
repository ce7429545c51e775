/** What each package exports, and what `recorded.txt` says that it exports. */
import { readdirSync, readFileSync } from 'node:fs';

const packages = new URL('../../packages/', import.meta.url);
const recordFile = new URL('recorded.txt', import.meta.url);

const heading =
  'What every package exports. `npx --yes pnpm@12 exports` writes this file anew: each name is a decision.';

/** Names by entry, such as `@sallyport/core` and `@sallyport/mcp-adapter/node`. Types begin with `type `. */
export type Exports = Readonly<Record<string, readonly string[]>>;

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, { readonly default?: string } | string>>;
}

const lists = /^export (type )?\{([^}]*)\}/gm;
const namespaces = /^export (type )?\* as (\w+) from /gm;
const declarations = /^export (?:async )?(?:(type|interface)|function|class|const) (\w+)/gm;

/** The names that an entry exports. `export * from` hides its names, so it is an error, like every other form. */
export function namesIn(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const listed = [...code.matchAll(lists)];
  const named = [...code.matchAll(namespaces), ...code.matchAll(declarations)];
  if ([...code.matchAll(/^export\b/gm)].length !== listed.length + named.length) {
    throw new Error('an entry exports names in a form that this file cannot read');
  }
  return [
    ...listed.flatMap(([, type = '', names = '']) =>
      names.split(',').flatMap((part) => nameOf(part, type)),
    ),
    ...named.map(([, type, name = '']) => (type === undefined ? name : `type ${name}`)),
  ].sort();
}

/** `type Claims as TokenClaims` exports `type TokenClaims`. */
function nameOf(part: string, statementType: string): string[] {
  const [, ownType = '', name, renamed] = /^\s*(type )?(\w+)(?: as (\w+))?\s*$/.exec(part) ?? [];
  return name === undefined ? [] : [(statementType || ownType) + (renamed ?? name)];
}

/** What every entry of every package exports now. */
export function readExports(): Exports {
  const entries = readdirSync(packages).flatMap((directory) => {
    const manifest = new URL(`${directory}/package.json`, packages);
    const { name, exports } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
    return Object.entries(exports).flatMap(([entry, target]): [string, string[]][] => {
      const built = typeof target === 'string' ? undefined : target.default;
      if (built === undefined) return [];
      const file = built.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
      const source = readFileSync(new URL(`${directory}/${file}`, packages), 'utf8');
      return [[name + entry.slice(1), namesIn(source)]];
    });
  });
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

export function readRecord(): Exports {
  // The heading ends with an empty line, and so does each entry.
  const [, ...blocks] = readFileSync(recordFile, 'utf8').split(/\n\n(?=\S)/);
  return Object.fromEntries(
    blocks.map((block) => {
      const [entry = '', ...names] = block.trimEnd().split(/\n */);
      return [entry, names];
    }),
  );
}

/** The text of `recorded.txt`: each entry, and below it one name a line. */
export function writeRecord(exports: Exports): string {
  const blocks = Object.entries(exports).map(([entry, names]) => [entry, ...names].join('\n  '));
  return `${heading}\n\n${blocks.join('\n\n')}\n`;
}

/** One line for each name that was added or removed since it was recorded. */
export function compare(recorded: Exports, exports: Exports): string[] {
  const entries = [...new Set([...Object.keys(recorded), ...Object.keys(exports)])].sort();
  return entries.flatMap((entry) => {
    const before = recorded[entry] ?? [];
    const after = exports[entry] ?? [];
    const added = after.filter((name) => !before.includes(name));
    const removed = before.filter((name) => !after.includes(name));
    return [
      ...added.map((name) => `${entry} exports ${name}, which is not recorded`),
      ...removed.map((name) => `${entry} no longer exports ${name}`),
    ];
  });
}
