/** Reads the repository for the tests of this folder. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Manifest {
  readonly name: string;
  readonly license: string;
  readonly type: string;
  readonly engines: { readonly node: string };
  readonly private?: boolean;
  readonly sideEffects?: boolean;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly publishConfig?: { readonly exports?: unknown };
  readonly files: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One `import`, `export … from` or `import(…)`. */
export interface ImportStatement {
  /** Relative to the package, such as `src/index.ts`. */
  readonly file: string;
  readonly specifier: string;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

export const scope = '@sallyport/';

/** The folders of the workspaces. */
export type Parent = 'packages' | 'apps' | 'tools';
export const parents: readonly Parent[] = ['packages', 'apps', 'tools'];

/** The directories of one parent that have a manifest. */
export function listWorkspaces(parent: Parent): string[] {
  return readdirSync(join(root, parent))
    .filter((directory) => existsSync(join(root, parent, directory, 'package.json')))
    .sort();
}

export function readText(...path: readonly string[]): string {
  return readFileSync(join(root, ...path), 'utf8');
}

export function readManifest(parent: Parent, directory: string): Manifest {
  return JSON.parse(readText(parent, directory, 'package.json'));
}

/** Paths relative to the package, such as `src/index.ts`. */
export function listFiles(parent: Parent, directory: string, folder: string): string[] {
  return globSync(`${folder}/**/*.{ts,tsx,js}`, { cwd: join(root, parent, directory) }).sort();
}

/** Every import in a folder. `import(…)` of anything but a literal is `<computed>`. */
export function listImports(
  parent: Parent,
  directory: string,
  folder: string = 'src',
): ImportStatement[] {
  return listFiles(parent, directory, folder).flatMap((file) =>
    parseImports(readText(parent, directory, file)).map((specifier) => ({ file, specifier })),
  );
}

export function parseImports(source: string): string[] {
  const code = withoutComments(source);
  const literal =
    /(?:^\s*(?:import|export)\b[^;'"]*?\bfrom|^\s*import|\bimport\s*\()\s*['"]([^'"]+)/gm;
  const computed = /\bimport\s*\(\s*[^'"\s]/g;
  return [
    ...[...code.matchAll(literal)].map(([, specifier = '']) => specifier),
    ...[...code.matchAll(computed)].map(() => '<computed>'),
  ];
}

/** Leaves out comments that begin a line: those after code stay, but hold no statements. */
export function withoutComments(source: string): string {
  return source.replace(/^\s*\/\*.*?\*\//gms, '').replace(/^\s*\/\/.*$/gm, '');
}

/** Where a relative specifier leads, from the package's directory: `../…` when out of it. */
export function resolveRelative({ file, specifier }: ImportStatement): string {
  return relative('.', join(dirname(file), specifier));
}

/** `@scope/name/subpath` and `name/subpath` without their subpaths. */
export function packageNameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The files of the repository, with those that are about to be committed and without ignored. */
export function listRepositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}
