import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Kind, NewPackage } from './arguments.ts';
import { listNames, type Names } from './names.ts';
import { listRegistrations } from './registrations.ts';
import { writeCommonFiles } from './templates/common.ts';
import { writeRateLimitFiles } from './templates/rate-limit.ts';
import { writeSecretsFiles } from './templates/secrets.ts';
import { writeVerifierFiles } from './templates/verifier.ts';

/** The text for the terminal: the next steps, or the problem. */
export type Outcome = { readonly text: string } | { readonly problem: string };

const templates: Readonly<Record<Kind, (names: Names) => Readonly<Record<string, string>>>> = {
  'rate-limit': writeRateLimitFiles,
  secrets: writeSecretsFiles,
  verifier: writeVerifierFiles,
};

/** They write what is derived from all packages: the record of exports, and the page of requirements. */
const generated = ['docs/exports/record.ts', 'docs/requirements/generate.ts'];

/**
 * Writes the package, and adds it to every list of packages. If there is a problem, it writes nothing.
 *
 * @param root The repository.
 */
export async function createPackage(root: URL, asked: NewPackage): Promise<Outcome> {
  const names = listNames(asked);
  const { directory } = names;
  if (existsSync(new URL(`packages/${directory}`, root))) {
    return {
      problem: `packages/${directory} exists already: choose another name, or remove it.`,
    };
  }
  const files = new Map<string, string>(
    Object.entries({ ...writeCommonFiles(names), ...templates[asked.kind](names) }).map(
      ([path, text]) => [`packages/${directory}/${path}`, text],
    ),
  );
  files.set(
    `.changeset/${directory}.md`,
    `---\n"${names.packageName}": minor\n---\n\n${names.title}: first release.\n`,
  );
  // Registers before it writes: a list of an unexpected form must not leave half a package.
  for (const { path, register } of listRegistrations(names)) {
    const before = await readFile(new URL(path, root), 'utf8');
    const after = register(before);
    if (after === undefined)
      return {
        problem: `${path} has no list that the generator can find: add the package there by hand.`,
      };
    files.set(path, after);
  }
  for (const [path, text] of files) {
    const file = new URL(path, root);
    await mkdir(dirname(file.pathname), { recursive: true });
    await writeFile(file, text);
  }
  await format(root, [...files.keys()]);
  for (const program of generated) {
    // A program that fails has named the problem in what it wrote, and `pnpm check` names it again.
    await promisify(execFile)(process.execPath, [program], { cwd: fileURLToPath(root) }).catch(
      () => {},
    );
  }
  return {
    text: `${[...files.keys()].map((path) => `  ${path}\n`).join('')}
Next:
  npx --yes pnpm@12 install
  npx --yes pnpm@12 exec turbo run test --filter=${names.packageName}   fails until it is implemented
`,
  };
}

/** Line breaks and the order of imports depend on the name of the package. */
async function format(root: URL, paths: readonly string[]): Promise<void> {
  const biome = fileURLToPath(new URL('node_modules/.bin/biome', root));
  // The linter reads the whole repository, and changes nothing here.
  const options = ['check', '--write', '--linter-enabled=false'];
  const words = [...options, ...paths.filter((path) => !path.endsWith('.json'))];
  // Without an installation, `pnpm check` names what is not formatted.
  await promisify(execFile)(biome, words, { cwd: fileURLToPath(root) }).catch(() => {});
}
