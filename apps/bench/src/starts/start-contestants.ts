/** The reference server as it is deployed, in several forms. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A form of the reference server. */
export interface StartContestant {
  readonly name: string;
  /** The program, as an absolute path. */
  readonly program: string;
  readonly nodeOptions: string;
  /** The compile cache of the program, as an absolute path. Default none. */
  readonly compileCache?: string;
  /** The settings of its tokens and secrets. Default: an RS256 key in its environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

const folder = dirname(createRequire(import.meta.url).resolve('@sallyport/reference/package.json'));

/** What the image sets. */
const [, nodeOptions = ''] =
  /^ENV NODE_OPTIONS="(.*)"$/m.exec(readFileSync(join(folder, 'Dockerfile'), 'utf8')) ?? [];

export const unbundled: StartContestant = {
  name: 'its packages, unbundled',
  program: join(folder, 'dist/main.js'),
  nodeOptions: '',
};

export const bundled: StartContestant = {
  name: 'one bundle',
  program: join(folder, 'bundle/main.js'),
  nodeOptions: '',
};

/** @param compileCache As {@link makeCompileCache} makes it. */
export function imageWith(compileCache: string): StartContestant {
  return { ...bundled, name: 'the image', nodeOptions, compileCache };
}

/** As the Dockerfile does it. */
export async function makeCompileCache(): Promise<string> {
  const cache = await mkdtemp(join(tmpdir(), 'compile-cache-'));
  const program = join(folder, '../../tools/image/src/compile-cache.ts');
  await promisify(execFile)(process.execPath, [program, join(folder, 'bundle'), cache]);
  return cache;
}
