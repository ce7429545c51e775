import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
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

/** Names of functions that make what knows tokens or secrets, or tells of them. */
const makes = /^(?:create|connect|open).*(?:Verifier|Secrets|SecretProvider|Sink|Limiter)$/;
// These put nothing out, or are made of what is watched.
const quiet = ['createMemoryRateLimiter', 'createMemorySink'];

/** The functions that the entries of all packages export, in whatever form they are declared. */
async function listMakers(): Promise<ReadonlyMap<string, WeakKey>> {
  const makers = new Map<string, WeakKey>();
  for (const manifest of globSync('*/package.json', { cwd: packages })) {
    const { exports } = JSON.parse(readFileSync(`${packages}${manifest}`, 'utf8'));
    for (const { development } of Object.values<{ development?: string }>(exports)) {
      if (development === undefined || manifest.startsWith('contract-tests/')) continue;
      const file = new URL(development, pathToFileURL(`${packages}${manifest}`));
      const module: Readonly<Record<string, unknown>> = await import(file.href);
      for (const [name, value] of Object.entries(module)) {
        if (typeof value === 'function' && makes.test(name)) makers.set(name, value);
      }
    }
  }
  return makers;
}

it('looks on at whatever a package makes that knows tokens or secrets, or tells of them', async () => {
  const watched = Reflect.get(
    globalThis,
    Symbol.for('@sallyport/leak-watch/watched'),
  ) as WeakSet<WeakKey>;
  const makers = [...(await listMakers())].filter(([name]) => !quiet.includes(name));

  expect(makers.length).toBeGreaterThan(8);
  expect(makers.filter(([, made]) => !watched.has(made)).map(([name]) => name)).toEqual([]);
});

it.each([
  ['function', 'export function loadConfig() {}'],
  ['async function', 'export async function loadConfig() {}'],
  ['arrow function', 'export const loadConfig = async () => {};'],
  ['function expression', 'export const loadConfig = function () {};'],
  ['function that is exported below', 'function loadConfig() {}\nexport { loadConfig };'],
  ['arrow function that is exported below', 'const loadConfig = () => {};\nexport { loadConfig };'],
  ['class', 'export class loadConfig {}'],
])('wraps a %s', async (_form, source) => {
  const { code = '' } = transform(source, `${packages}config/src/form.ts`) ?? {};
  const key = Symbol.for('@sallyport/leak-watch');
  const before = Reflect.get(globalThis, key);
  const wrapper = () => {};
  Reflect.set(globalThis, key, () => wrapper);
  onTestFinished(() => void Reflect.set(globalThis, key, before));
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);

  expect(module.loadConfig).toBe(wrapper);
});
