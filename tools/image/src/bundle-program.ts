import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsup';
import { commonJsImports } from './common-js-imports.ts';
import { nodeModules } from './node-modules.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';
import { unusedParts } from './unused-parts.ts';

/** What is bundled, and where it goes. */
export interface BundledProgram {
  /** The package of the program, as an absolute path. */
  readonly folder: string;
  /** The program, and the programs that it starts, relative to {@link folder}. */
  readonly entries: readonly string[];
  /** Packages that stay outside, because the image does not have them. */
  readonly left: readonly string[];
  /** Where the bundle goes, as an absolute path. What was there is deleted. */
  readonly out: string;
}

// Packages of the CommonJS kind expect these three in every file. A file may have a `process` of its own.
const commonJs = `const require = globalThis.process.getBuiltinModule('node:module').createRequire(import.meta.url);
const { filename: __filename, dirname: __dirname } = import.meta;
`;
const commonJsNames = /\b(?:require|__filename|__dirname)\b/;

/**
 * Bundles a program with all its dependencies into files that need nothing but Node.js. Names stay as they are, so that
 * stack traces can be read. What the program imports dynamically becomes a file of its own, which is read when needed.
 *
 * The built packages of the workspace are bundled, so build them before.
 */
export async function bundleProgram({ folder, entries, left, out }: BundledProgram): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await build({
    config: false,
    silent: true,
    entry: entries.map((entry) => join(folder, entry)),
    outDir: out,
    format: ['esm'],
    platform: 'node',
    target: 'node24',
    splitting: true,
    external: left.map((name) => new RegExp(`^${name}(?:/|$)`)),
    noExternal: [everythingBut(left)],
    // `node:sqlite` has no other name.
    removeNodeProtocol: false,
    banner: { js: commonJs },
    esbuildPlugins: [
      unusedParts,
      nodeModules,
      commonJsImports,
      thirdPartyLicenses(join(out, 'THIRD-PARTY-LICENSES.txt')),
    ],
    esbuildOptions(options) {
      options.minifySyntax = true;
      options.minifyWhitespace = true;
      // The licences are in a file of their own.
      options.legalComments = 'none';
      options.mainFields = ['module', 'main'];
      options.logOverride = { 'ignored-bare-import': 'silent' };
    },
  });
  leaveOutUnused(out);
  // Node then does not have to find out what kind of modules these are.
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
}

/** A start reads a dozen files, and these lines take longer than most of them. */
function leaveOutUnused(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.js'))) {
    const file = join(folder, name);
    const rest = readFileSync(file, 'utf8').replace(commonJs, '');
    if (!commonJsNames.test(rest)) writeFileSync(file, rest);
  }
}

function everythingBut(names: readonly string[]): RegExp {
  const others = names.map((name) => `${name}(?:/|$)`);
  return new RegExp(others.length === 0 ? '' : `^(?!${others.join('|')})`);
}
