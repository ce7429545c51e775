/** The API of each package as it was last released, and the changesets that a change of it needs. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Signatures } from './signatures.ts';

const releasedFile = new URL('released.json', import.meta.url);
const changesets = new URL('../../.changeset/', import.meta.url);

type Bump = 'patch' | 'minor' | 'major';

/** By the name of a package. */
type ByPackage<Value> = Readonly<Record<string, Value>>;

/** Changes with each declaration that users of the package see, also with one of another package of ours. */
export function digest({ own, borrowed }: Signatures): string {
  return createHash('sha256')
    .update(JSON.stringify([own, borrowed]))
    .digest('hex');
}

/** Digests of the last release. A package that was never released has none. */
export function readReleased(): ByPackage<string> {
  return JSON.parse(readFileSync(releasedFile, 'utf8'));
}

export function writeReleased(digests: ByPackage<string>): void {
  writeFileSync(releasedFile, `${JSON.stringify(digests, undefined, 2)}\n`);
}

/** The bumps that the changesets of the next release ask for. */
export function readBumps(): ByPackage<readonly Bump[]> {
  const files = readdirSync(changesets).filter((file) => file.endsWith('.md'));
  const texts = files.map((file) => readFileSync(new URL(file, changesets), 'utf8'));
  return bumpsIn(texts);
}

/** The bumps in the front matter of changesets. */
export function bumpsIn(texts: readonly string[]): ByPackage<readonly Bump[]> {
  const bumps: Record<string, Bump[]> = {};
  for (const text of texts) {
    const [, matter = ''] = /^---\n(.*?)^---$/ms.exec(text) ?? [];
    for (const [, name = '', bump] of matter.matchAll(
      /^["']?([^"':\s]+)["']?: (patch|minor|major)$/gm,
    )) {
      bumps[name] = [...(bumps[name] ?? []), bump as Bump];
    }
  }
  return bumps;
}

/** One sentence for each package whose API would change in a patch. While a version is 0.x, a minor may break. */
export function findUnannounced(
  present: ByPackage<string>,
  released: ByPackage<string>,
  bumps: ByPackage<readonly Bump[]>,
): string[] {
  return Object.keys(present)
    .filter((name) => present[name] !== released[name])
    .filter((name) => !bumps[name]?.some((bump) => bump !== 'patch'))
    .map(
      (name) =>
        `${name}: what its users see differs from the last release. Add a changeset with "${name}": minor`,
    );
}
