/** Copies the repository, because Stryker writes into the files that it mutates. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Copies the files that git knows or would add. The packages of the copy import each other, and share
 * the other dependencies with the repository.
 *
 * @returns The folder of the copy.
 */
export function copyRepository(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'sallyport-mutation-'));
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  for (const file of files.split('\0')) {
    // A file that was deleted is still in the index.
    if (file === '' || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { verbatimSymlinks: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const kind of ['packages', 'apps', 'tools']) {
    for (const name of readdirSync(join(copy, kind))) {
      const modules = join(kind, name, 'node_modules');
      if (!existsSync(join(root, modules))) continue;
      // The links are relative: those to other packages lead to their copies.
      cpSync(join(root, modules), join(copy, modules), { recursive: true, verbatimSymlinks: true });
    }
  }
  return copy;
}
