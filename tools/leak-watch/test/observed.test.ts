import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { observed } from '../src/observed.ts';
import { leakWatch } from '../src/plugin.ts';

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));
const { transform } = leakWatch() as {
  readonly transform: (code: string, id: string) => { readonly code: string } | undefined;
};

/** The names that the plugin wraps in the sources of all packages. */
function listWrapped(): readonly string[] {
  const files = globSync('*/src/**/*.ts', { cwd: packages });
  return files.flatMap((file) => {
    const source = readFileSync(`${packages}${file}`, 'utf8');
    const { code = '' } = transform(source, `${packages}${file}`) ?? {};
    const appended = code.slice(source.length);
    return [...appended.matchAll(/^(\w+) = /gm)].map(([, name = '']) => name);
  });
}

it('finds everything that it looks on at in src', () => {
  expect([...new Set(listWrapped())].sort()).toEqual([...observed].sort());
});

/** What makes something that is asked about tokens or secrets, or that tells of what happens. */
const makes =
  /^export (?:async )?function (\w+)[^{]*?\): (?:Promise<)?(?:TokenVerifier|SecretProvider|\w+Secrets|TelemetrySink|RateLimiter)>? \{/gm;
// The first puts nothing out; the others are made of what is looked on at.
const quiet = ['createMemoryRateLimiter', 'combineSinks', 'composeRateLimiter'];

it('looks on at whatever a package makes that knows tokens or secrets, or tells of them', () => {
  const files = globSync('*/src/**/*.ts', { cwd: packages, exclude: ['contract-tests/**'] });
  const makers = files.flatMap((file) => {
    const source = readFileSync(`${packages}${file}`, 'utf8');
    return [...source.matchAll(makes)].map(([, name = '']) => name);
  });
  const seen: readonly string[] = [...observed, ...quiet];

  expect(makers.length).toBeGreaterThan(8);
  expect(makers.filter((name) => !seen.includes(name))).toEqual([]);
});
