/** What each package exports. */
import { readdirSync, readFileSync } from 'node:fs';

const packages = new URL('../../packages/', import.meta.url);

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

/** A package with the source file of each of its entries, such as `@sallyport/mcp-adapter/node`. */
export interface PackageEntries {
  readonly name: string;
  /** The path of the package, with a slash at its end. */
  readonly folder: string;
  readonly entries: Readonly<Record<string, string>>;
}

/** Every package with its entries. */
export function readEntries(): readonly PackageEntries[] {
  return readdirSync(packages).map((directory) => {
    const folder = new URL(`${directory}/`, packages).pathname;
    const { name, exports } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as Manifest;
    const entries = Object.entries(exports).flatMap(([entry, target]): [string, string][] => {
      const built = typeof target === 'string' ? undefined : target.default;
      if (built === undefined) return [];
      const file = built.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
      return [[name + entry.slice(1), folder + file]];
    });
    return { name, folder, entries: Object.fromEntries(entries) };
  });
}

/** What every entry of every package exports now. */
export function readExports(): Exports {
  const entries = readEntries()
    .flatMap((each) => Object.entries(each.entries))
    .map(([entry, file]): [string, string[]] => [entry, namesIn(readFileSync(file, 'utf8'))]);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
