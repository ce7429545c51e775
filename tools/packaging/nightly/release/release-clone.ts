/** A clone of this repository for the commands of `release.yml`. It records the result of each. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const root = new URL('../../../../', import.meta.url).pathname;

/** The author of commits, so that they need no settings of the machine. */
const person = {
  GIT_AUTHOR_NAME: 'Rehearsal',
  GIT_AUTHOR_EMAIL: 'rehearsal@example.com',
  GIT_COMMITTER_NAME: 'Rehearsal',
  GIT_COMMITTER_EMAIL: 'rehearsal@example.com',
};

type Variables = Readonly<Record<string, string>>;

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Runs a program to its end. @throws {Error} With all that the program wrote, if it failed. */
export async function run(
  program: string,
  words: readonly string[],
  cwd: string,
  variables: Variables = {},
): Promise<string> {
  const direct = [process.env['NO_PROXY'], '127.0.0.1'].filter(Boolean).join(',');
  const env = { ...process.env, ...person, NO_PROXY: direct, no_proxy: direct, ...variables };
  const done = execute(program, words, { cwd, env, maxBuffer: 256 * 2 ** 20 });
  const { stdout } = await done.catch(({ stdout: written, stderr }) => {
    throw new Error(`${program} ${words.join(' ')}\n${written}${stderr}`);
  });
  return stdout;
}

export interface ReleaseClone {
  readonly folder: string;
  /** `pnpm <script>`, as the workflow runs it. */
  runScript(words: readonly string[], variables?: Variables): Promise<string>;
  /** The manifests of the packages, by folder. */
  readManifests(): Promise<ReadonlyMap<string, Manifest>>;
  /** Adds a changeset as a contributor does. */
  addChangeset(name: string, bump: 'patch' | 'minor', text: string): Promise<void>;
  commit(message: string): Promise<void>;
}

/** Clones the last commit of `source`, and installs what its lockfile names. */
export async function cloneRepository(
  folder: string,
  source: string = root,
): Promise<ReleaseClone> {
  await mkdir(folder, { recursive: true });
  await run('git', ['clone', '--quiet', source, folder], folder);
  await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], folder);
  const packages = join(folder, 'packages');
  return {
    folder,
    runScript: (words, variables) => run('pnpm', words, folder, variables),
    async readManifests() {
      const names = await readdir(packages);
      const entries = names.map(async (name) => {
        const text = await readFile(join(packages, name, 'package.json'), 'utf8');
        return [name, JSON.parse(text) as Manifest] as const;
      });
      return new Map(await Promise.all(entries));
    },
    async addChangeset(name, bump, text) {
      const file = join(folder, '.changeset', `${name.replace(/\W+/g, '-')}-${bump}.md`);
      await writeFile(file, `---\n"${name}": ${bump}\n---\n\n${text}\n`);
    },
    async commit(message) {
      await run('git', ['add', '--all'], folder);
      await run('git', ['commit', '--quiet', '--message', message], folder);
    },
  };
}
