/** Every exported name is a decision: it stands in `docs/exports/recorded.txt`, and its signature in `signatures.txt`. */
import { describe, expect, it } from 'vitest';
import { readDeclarations } from '../../../docs/exports/declarations.ts';
import { namesIn, readExports } from '../../../docs/exports/exports.ts';
import { compare, readRecord } from '../../../docs/exports/record-files.ts';
import {
  bumpsIn,
  digest,
  findUnannounced,
  readBumps,
  readReleased,
} from '../../../docs/exports/released.ts';
import { readSignatures } from '../../../docs/exports/signatures.ts';

const advice =
  'Export a name only if users of the package need it. If they do, run `npx --yes pnpm@12 exports` and add a changeset.';

describe('the exports of every package', () => {
  it('are the recorded ones', () => {
    expect(compare(readRecord('recorded.txt'), readExports()), advice).toEqual([]);
  });

  it('are found in each form that an entry may have', () => {
    const source = `import './a.ts';

/** export { no } from './b.ts'; */
// export { neither } from './b.ts';
export type { A, B as C } from './b.ts';
export {
  d,
  type E,
  f as g,
} from './c.ts';
export * as h from './h.ts';
export { i };
export async function j() {}
export class K {}
export const l: number = 1;
export interface M {}
export type N<Part> = Part;
`;

    expect(namesIn(source)).toEqual([
      ...['K', 'd', 'g', 'h', 'i', 'j', 'l'],
      ...['type A', 'type C', 'type E', 'type M', 'type N'],
    ]);
  });

  it.each(["export * from './a.ts';", 'export default 1;', 'export const { a } = b;'])(
    'cannot be hidden by %s',
    (source) => {
      expect(() => namesIn(source)).toThrow('in a form that this file cannot read');
    },
  );

  it('are compared by name, and a type is another export than a value', () => {
    const recorded = { core: ['Secret', 'type Guard'], gone: ['a'] };
    const exports = { core: ['Guard', 'Secret'], other: ['b'] };

    expect(compare(recorded, exports)).toEqual([
      'core exports Guard, which is not recorded',
      'core no longer exports type Guard',
      'gone no longer exports a',
      'other exports b, which is not recorded',
    ]);
  });

  it('are many, so that none is overlooked', () => {
    const exports = readExports();

    expect(Object.keys(exports).length).toBeGreaterThan(25);
    expect(exports['@sallyport/core']).toContain('createGuard');
    expect(exports['@sallyport/mcp-adapter/node']).toEqual([
      'isGated',
      'nodeGate',
      'plainToolGate',
      'type GatedHandler',
      'type GatedRequest',
      'type HostOptions',
      'type PlainToolMessage',
      'type PlainToolOptions',
    ]);
  });
});

describe('the declarations that users of a package see', () => {
  const signatures = readSignatures();
  const own = Object.fromEntries([...signatures].map(([name, each]) => [name, each.own]));
  const digests = Object.fromEntries([...signatures].map(([name, each]) => [name, digest(each)]));

  it('are the recorded ones', () => {
    const changes = compare(readRecord('signatures.txt'), own);
    expect(changes, 'Run `npx --yes pnpm@12 exports`, and read what it changed.').toEqual([]);
  });

  it('leave with a changeset of at least minor, so that no patch breaks a user', () => {
    expect(findUnannounced(digests, readReleased(), readBumps())).toEqual([]);
  });

  it('are found behind re-exports, in other packages, and without what they do not mention', () => {
    const core = own['@sallyport/core']?.join('\n');
    const limit = signatures.get('@sallyport/rate-limit');

    expect(core).toMatch(/^function createGuard\(/m);
    // Not exported by core, and mentioned by what is.
    expect(core).toMatch(/^type NameOf</m);
    expect(core).not.toContain('/**');
    expect(limit?.own).toContainEqual(expect.stringMatching(/^function createMemoryRateLimiter\(/));
    expect(limit?.borrowed).toContainEqual(expect.stringMatching(/^interface RateLimiter \{/));
  });

  it('are read in each form that a source may have', () => {
    const source = `import { type A, b as c } from './a.ts';
import * as all from './all.ts';
export { d, type E as F } from './d.ts';
export * as g from './g.ts';
/** Not a part of it. */
export const h: A = c; // nor this
export function i(value: string): void;
export function i(value: number): all.J;
export function i(): unknown { return 0; }
interface Hidden { readonly member?: A }
export class K implements Hidden { #secret = 1; private own = 2; }
`;
    const { declarations, imports, exports } = readDeclarations('file.ts', source);

    expect(Object.fromEntries(exports)).toEqual({
      d: { from: './d.ts', name: 'd' },
      F: { from: './d.ts', name: 'E' },
      g: { from: './g.ts', name: '*' },
      ...Object.fromEntries(['h', 'i', 'K'].map((name) => [name, { name }])),
    });
    expect(Object.fromEntries(imports)).toEqual({
      A: { from: './a.ts', name: 'A' },
      all: { from: './all.ts', name: '*' },
    });
    expect(declarations.get('h')).toEqual([
      { text: 'const h: A;', mentions: expect.arrayContaining(['A']) },
    ]);
    expect(declarations.get('i')?.map(({ text }) => text)).toEqual([
      'function i(value: string): void;',
      'function i(value: number): all.J;',
    ]);
    expect(declarations.get('K')?.[0]?.mentions).toContain('Hidden');
    expect(declarations.get('Hidden')?.[0]?.text).toBe('interface Hidden { readonly member?: A; }');
  });

  it('need an explicit type each', () => {
    expect(() => readDeclarations('file.ts', 'export const a = Math.random();')).toThrow('file.ts');
  });

  it.each([
    ['a change without a changeset', { a: '2' }, { a: '1' }, {}, 1],
    ['a change with a patch', { a: '2' }, { a: '1' }, { a: ['patch'] }, 1],
    ['a change with a patch and a minor', { a: '2' }, { a: '1' }, { a: ['patch', 'minor'] }, 0],
    ['a change with a major', { a: '2' }, { a: '1' }, { a: ['major'] }, 0],
    ['a change with the minor of another package', { a: '2' }, { a: '1' }, { b: ['minor'] }, 1],
    ['the same with a patch', { a: '1' }, { a: '1' }, { a: ['patch'] }, 0],
    ['a package that was never released', { a: '1' }, {}, {}, 1],
  ] as const)(
    'are compared with the last release: %s',
    (_case, present, released, bumps, count) => {
      expect(findUnannounced(present, released, bumps)).toHaveLength(count);
    },
  );

  it('are announced by the front matter of changesets, in each way to write it', () => {
    const texts = [
      '---\n"@sallyport/core": minor\n\'@sallyport/dpop\': patch\n---\n\n"@sallyport/mtls": minor\n',
      '---\nsallyport: major\n"@sallyport/core": patch\n---\n',
    ];
    expect(bumpsIn(texts)).toEqual({
      '@sallyport/core': ['minor', 'patch'],
      '@sallyport/dpop': ['patch'],
      sallyport: ['major'],
    });
  });
});
