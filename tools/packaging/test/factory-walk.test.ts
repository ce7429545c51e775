import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { factories } from './factories/index.ts';
import { notFactories } from './factories/not-factories.ts';
import { misspell, type Outcome, walkFactory } from './factory-walk.ts';

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, { readonly default?: string } | string>>;
}

const packages = new URL('../../../packages/', import.meta.url);

/** Every function that an entry exports, also those inside an object such as `providers`. */
async function listFunctions(): Promise<ReadonlyMap<string, (...given: never) => unknown>> {
  const found = new Map<string, (...given: never) => unknown>();
  for (const directory of readdirSync(packages)) {
    // Its exports call Vitest, which only a test file may.
    if (directory === 'contract-tests') continue;
    const text = readFileSync(new URL(`${directory}/package.json`, packages), 'utf8');
    const { exports } = JSON.parse(text) as Manifest;
    for (const [entry, target] of Object.entries(exports)) {
      if (typeof target === 'string' || target.default === undefined) continue;
      const file = new URL(`${directory}/${target.default}`, packages);
      const module: Readonly<Record<string, unknown>> = await import(file.href);
      const prefix = directory + entry.slice(1);
      for (const [name, value] of Object.entries(module)) {
        if (typeof value === 'function') found.set(`${prefix} ${name}`, value as never);
        if (typeof value !== 'object' || value === null || name === 'check') continue;
        for (const [member, inner] of Object.entries(value)) {
          if (typeof inner === 'function' && /roviders$/.test(name)) {
            found.set(`${prefix} ${name}.${member}`, inner as never);
          }
        }
      }
    }
  }
  return found;
}

const functions = await listFunctions();
const results = new Map<string, readonly Outcome[]>();

describe('the walk of all factories', () => {
  it('OPS-12: has a row for every exported function', () => {
    const known = [...Object.keys(factories), ...Object.keys(notFactories)].sort();
    expect(known).toEqual([...functions.keys()].sort());
  });

  it.each(Object.entries(factories))(
    'OPS-12: %s works or throws a ConfigError that names the option',
    async (name, row) => {
      const call = functions.get(name);
      const outcomes = await walkFactory(call as never, row);
      results.set(name, outcomes);
      const wrong = outcomes.filter(
        ({ verdict }) => verdict !== 'works' && verdict !== 'ConfigError',
      );
      expect(wrong.map(({ input, verdict, detail }) => `${input}: ${verdict} ${detail}`)).toEqual(
        [],
      );
      expect(outcomes.some(({ verdict }) => verdict === 'ConfigError')).toBe(true);
    },
  );

  it('OPS-12: sees a factory that ignores what it does not know', async () => {
    const loose = ({ size }: { size: number }) => size.toFixed();
    const outcomes = await walkFactory(loose as never, {
      good: () => [{ size: 7 }],
      required: { 0: ['size'] },
    });
    const verdictOf = (input: string) => outcomes.find((each) => each.input === input)?.verdict;
    expect(verdictOf(' has zzzzzzzzzzzz')).toBe('silent');
    expect(verdictOf('size is missing')).toBe('foreign error');
    expect(misspell('maxKeys')).toEqual(['maxKys', 'maxKey', 'MAXKEYS', 'max_keys']);
  });

  it('OPS-12: sees a factory that throws after it has opened something', async () => {
    const timers: NodeJS.Timeout[] = [];
    const leaky = () => {
      timers.push(setInterval(() => {}, 60_000).unref());
      throw Object.assign(new Error('size: unknown option'), { name: 'ConfigError' });
    };
    const outcomes = await walkFactory(leaky as never, {
      good: () => [{ size: 7 }],
      required: { 0: ['size'] },
      needsServer: true,
    });
    for (const timer of timers) clearInterval(timer);
    expect(new Set(outcomes.map(({ verdict }) => verdict))).toContain('left open');
  });

  it('OPS-12: has nothing silent and no foreign error', () => {
    const all = [...results.values()].flat();
    const count = (wanted: Outcome['verdict']) =>
      all.filter(({ verdict }) => verdict === wanted).length;
    process.stdout.write(
      `${results.size} factories, ${all.length} inputs: ${count('silent')} silent, ${count('foreign error')} foreign errors\n`,
    );
    expect(count('silent') + count('foreign error')).toBe(0);
  });
});
