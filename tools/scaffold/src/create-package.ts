import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { NewPackage } from './arguments.ts';
import { listNames } from './names.ts';
import { listRegistrations } from './registrations.ts';
import { writeCommonFiles } from './templates/common.ts';
import { writeSecretsFiles } from './templates/secrets.ts';
import { writeVerifierFiles } from './templates/verifier.ts';

/** What is said afterwards: how to go on, or what is in the way. */
export type Outcome = { readonly text: string } | { readonly problem: string };

/**
 * Writes the package, and adds it wherever packages are listed. When something is in the way, nothing
 * is written.
 *
 * @param root The repository.
 */
export async function createPackage(root: URL, asked: NewPackage): Promise<Outcome> {
  const names = listNames(asked);
  const { directory } = names;
  if (existsSync(new URL(`packages/${directory}`, root))) {
    return {
      problem: `packages/${directory} is there already: choose another name, or remove it.`,
    };
  }
  const own = asked.kind === 'secrets' ? writeSecretsFiles(names) : writeVerifierFiles(names);
  const files = new Map<string, string>(
    Object.entries({ ...writeCommonFiles(names), ...own }).map(([path, text]) => [
      `packages/${directory}/${path}`,
      text,
    ]),
  );
  files.set(
    `.changeset/${directory}.md`,
    `---\n"${names.packageName}": minor\n---\n\n${names.title}: first release.\n`,
  );
  // All before any: a list that has another form than expected must leave nothing half done.
  for (const { path, register } of listRegistrations(names)) {
    const before = await readFile(new URL(path, root), 'utf8');
    const after = register(before);
    if (after === undefined) return { problem: `${path} has no place for it: add it there first.` };
    files.set(path, after);
  }
  for (const [path, text] of files) {
    const file = new URL(path, root);
    await mkdir(dirname(file.pathname), { recursive: true });
    await writeFile(file, text);
  }
  await format(root, [...files.keys()]);
  return {
    text: `${[...files.keys()].map((path) => `  ${path}\n`).join('')}
Next:
  npx --yes pnpm@12 install
  npx --yes pnpm@12 exec turbo run test --filter=${names.packageName}   fails until it is implemented
`,
  };
}

/** How lines are broken and names are sorted depends on the name of the package. */
async function format(root: URL, paths: readonly string[]): Promise<void> {
  const biome = fileURLToPath(new URL('node_modules/.bin/biome', root));
  const words = ['check', '--write', ...paths.filter((path) => !path.endsWith('.json'))];
  // Without an installation, `pnpm check` names what is not formatted.
  await promisify(execFile)(biome, words, { cwd: fileURLToPath(root) }).catch(() => {});
}
