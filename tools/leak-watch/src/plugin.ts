/** The plugin for the `vitest.config.ts` of a package. */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';
import { observed } from './observed.ts';

const ours = /\/(?:packages|apps|tools)\/[^/]+\/.+\.[jt]s$/;
const sources = /\/packages\/[^/]+\/src\//;

/**
 * Watches every test file of a package. The sources stay unchanged: when tests load them, the functions and
 * classes of {@link observed} get a wrapper that observes them.
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
      if (lines.length === 0) return undefined;
      // Appended, so that every line keeps its number. A const cannot be assigned.
      const assignable = names.reduce(
        (text, name) =>
          text.replace(new RegExp(`^((?:export )?)const (?=${name}\\b)`, 'm'), '$1let '),
        code,
      );
      return { code: `${assignable}\n${lines.join('\n')}\n`, map: null };
    },
  };
}

/** A function, a class, or a variable that holds one. A re-export has its declaration in another file. */
function declares(code: string, name: string): boolean {
  return new RegExp(
    `^(?:export (?:default )?)?(?:(?:async )?function\\*? ?|class |const |let |var )${name}\\b`,
    'm',
  ).test(code);
}

function putBehind(name: string, value: string): string {
  return `globalThis[Symbol.for('@sallyport/leak-watch')]?.(${JSON.stringify(name)}, ${value})`;
}
