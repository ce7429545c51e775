/** The reference server as it is deployed, in several forms. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A form of the reference server. */
export interface StartContestant {
  readonly name: string;
  /** The program, as an absolute path. */
  readonly program: string;
  readonly nodeOptions: string;
}

const folder = dirname(createRequire(import.meta.url).resolve('@sallyport/reference/package.json'));

/** What the image sets. */
const [, nodeOptions = ''] =
  /^ENV NODE_OPTIONS="(.*)"$/m.exec(readFileSync(join(folder, 'Dockerfile'), 'utf8')) ?? [];

const unbundled: StartContestant = {
  name: 'its packages, unbundled',
  program: join(folder, 'dist/main.js'),
  nodeOptions: '',
};

export const bundled: StartContestant = {
  name: 'one bundle',
  program: join(folder, 'bundle/main.js'),
  nodeOptions: '',
};

export const image: StartContestant = { ...bundled, name: 'the image', nodeOptions };

export const startContestants: readonly StartContestant[] = [unbundled, bundled, image];
