import { readFileSync } from 'node:fs';
import { contestants } from './contestants.ts';

/** Every contestant's name and installed version. */
export function readVersions(): readonly string[] {
  return contestants.map(({ name }) => {
    const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    return `${name} ${version}`;
  });
}
