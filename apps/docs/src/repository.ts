/** Reads files of the repository by their path from its top. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url));

export function readSource(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8');
}

export function exists(path: string): boolean {
  return existsSync(`${root}${path}`);
}

/** The TypeScript files below a folder, sorted. */
export function listSources(folder: string): readonly string[] {
  return list(`${folder}/**/*.ts`);
}

/** The paths that a pattern matches, sorted. */
export function list(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root }).toSorted();
}
