import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { BundlerPlugin } from './node-modules.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly private?: boolean;
}

/**
 * Writes a file with the name, the version and the licence of each package that is in the bundle: most licences ask for
 * it. The build fails if a package names no licence.
 */
export function thirdPartyLicenses(file: string): BundlerPlugin {
  return {
    name: 'third-party-licenses',
    setup(build) {
      const { absWorkingDir = process.cwd() } = build.initialOptions;
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }) => {
        if (metafile === undefined) return;
        // What tree shaking removed is not in the bundle.
        const files = Object.values(metafile.outputs)
          .flatMap(({ inputs }) => Object.keys(inputs))
          // Before the path stands which plugin has loaded it.
          .map((path) => path.replace(/^[\w-]+:/, ''));
        const folders = new Set(
          files
            .filter((path) => path.includes('node_modules/'))
            .map((path) => packageOf(resolve(absWorkingDir, path))),
        );
        writeFileSync(file, [...folders].map(describe).toSorted().join(rule));
      });
    },
  };
}

const rule = `\n${'-'.repeat(80)}\n\n`;

/** The folder of the package that a file belongs to. Folders inside a package may have a nameless package.json. */
function packageOf(path: string): string {
  const folder = dirname(path);
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest) && 'version' in readManifest(folder)) return folder;
  return packageOf(folder);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function describe(folder: string): string {
  const { name, version, license } = readManifest(folder);
  if (typeof license !== 'string') throw new Error(`${name}@${version} names no licence`);
  const texts = readdirSync(folder)
    .filter((each) => /^(licen[cs]e|copying|notice)(?![a-z])/i.test(each))
    .toSorted()
    .map((each) => readFileSync(join(folder, each), 'utf8').trim());
  return [`${name} ${version}: ${license}`, ...texts].join('\n\n').concat('\n');
}
