/** The declarations that users of a package can see: of each exported name, and of all that those mention. */
import { readFileSync } from 'node:fs';
import { type DeclarationModule, readDeclarations } from './declarations.ts';
import { readEntries } from './exports.ts';

/** What users of one package can see, as text without comments. */
export interface Signatures {
  /** Declarations of the package itself, sorted. */
  readonly own: readonly string[];
  /** Declarations of other packages of this repository that those mention, sorted. */
  readonly borrowed: readonly string[];
}

/** Follows names through the sources of all packages. */
interface Search {
  /** By file and name, so that each is visited once. */
  readonly found: Map<string, { readonly file: string; readonly texts: readonly string[] }>;
  /** The source file of each entry, such as `@sallyport/mcp-adapter/node`. */
  readonly entries: ReadonlyMap<string, string>;
  readonly modules: Map<string, DeclarationModule>;
}

/** The signatures of every package, by its name. */
export function readSignatures(): ReadonlyMap<string, Signatures> {
  const packages = readEntries();
  const entries = new Map(packages.flatMap(({ entries: own }) => Object.entries(own)));
  const modules = new Map<string, DeclarationModule>();
  return new Map(
    packages.map(({ name, folder, entries: own }) => {
      const search: Search = { found: new Map(), entries, modules };
      for (const file of Object.values(own)) followAll(search, file);
      const found = [...search.found.values()];
      const textsOf = (isOwn: boolean) =>
        found
          .filter(({ file }) => file.startsWith(folder) === isOwn)
          .flatMap(({ texts }) => texts)
          .sort();
      return [name, { own: textsOf(true), borrowed: textsOf(false) }];
    }),
  );
}

function load({ modules }: Search, file: string): DeclarationModule {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const read = readDeclarations(file, readFileSync(file, 'utf8'));
  modules.set(file, read);
  return read;
}

function followAll(search: Search, file: string): void {
  for (const name of load(search, file).exports.keys()) followExport(search, file, name);
}

/** Follows a name by which other files import it. */
function followExport(search: Search, file: string, name: string): void {
  if (name === '*') {
    followAll(search, file);
    return;
  }
  const target = load(search, file).exports.get(name);
  if (target === undefined) throw new Error(`${file} does not export ${name}`);
  if (target.from === undefined) follow(search, file, target.name);
  else followInto(search, file, target.from, target.name);
}

/** Follows a name by which a file itself calls it. What the file does not declare is of the language. */
function follow(search: Search, file: string, name: string): void {
  const key = `${file}#${name}`;
  if (search.found.has(key)) return;
  const { declarations, imports } = load(search, file);
  const declared = declarations.get(name) ?? [];
  const imported = imports.get(name);
  if (declared.length > 0) search.found.set(key, { file, texts: declared.map(({ text }) => text) });
  else if (imported !== undefined) followInto(search, file, imported.from, imported.name);
  for (const mentioned of declared.flatMap(({ mentions }) => mentions)) {
    follow(search, file, mentioned);
  }
}

/** Packages of others end the search: their ranges in `package.json` say what they are. */
function followInto(search: Search, file: string, from: string, name: string): void {
  const target = from.startsWith('.')
    ? new URL(from, `file://${file}`).pathname
    : search.entries.get(from);
  if (target !== undefined) followExport(search, target, name);
}
