/** What a package's `vitest.config.ts` says to be watched. */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';
import { observed } from './observed.ts';

const ours = /\/(?:packages|apps|tools)\/[^/]+\/.+\.[jt]s$/;
const sources = /\/packages\/[^/]+\/src\//;

/**
 * Has every test file of a package watched. The packages' own code is not changed: as tests load it,
 * the functions and classes of {@link observed} are put behind one that looks on.
 */
export function leakWatch(): Plugin {
  const setup = fileURLToPath(new URL('./setup.ts', import.meta.url));
  return {
    name: 'leak-watch',
    // After types are stripped, and before imports are rewritten.
    enforce: 'post',
    config: () => ({ test: { setupFiles: [setup] } }),
    transform(code, id) {
      const [file = ''] = id.split('?', 1);
      if (!ours.test(file) || file.includes('/node_modules/')) return;
      const names = sources.test(file) ? observed.filter((name) => declares(code, name)) : [];
      const lines = names.map((name) => `${name} = ${putBehind(name, name)} ?? ${name};`);
      if (/\b(?:from|import) ?\(?(["'])jose\1/.test(code)) {
        lines.push("import * as joseItself from 'jose';", `${putBehind('jose', 'joseItself')};`);
      }
      // Appended, so that every line keeps its number.
      return lines.length === 0 ? undefined : { code: `${code}\n${lines.join('\n')}\n`, map: null };
    },
  };
}

function declares(code: string, name: string): boolean {
  return new RegExp(`^(?:export )?(?:(?:async )?function|class) ${name}\\b`, 'm').test(code);
}

function putBehind(name: string, value: string): string {
  return `globalThis[Symbol.for('@sallyport/leak-watch')]?.(${JSON.stringify(name)}, ${value})`;
}
