import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { readExports } from '../../../docs/exports/exports.ts';
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

/** Names of functions that make objects which know tokens or secrets, or report on them. */
const makes = /^(?:create|connect|open).*(?:Verifier|Secrets|SecretProvider|Sink|Limiter)$/;
// These put nothing out.
const quiet = ['createMemoryRateLimiter', 'createMemorySink'];

it('looks on at whatever a package makes that knows tokens or secrets, or tells of them', () => {
  const wrapped = listWrapped();
  const makers = Object.values(readExports())
    .flat()
    .filter((name) => makes.test(name) && !quiet.includes(name));

  expect(makers.length).toBeGreaterThan(8);
  // A declaration in a form that the plugin does not know is not among the wrapped ones.
  expect(makers.filter((name) => !wrapped.includes(name))).toEqual([]);
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
