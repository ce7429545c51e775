/** Every exported name is a decision: it stands in `docs/exports/recorded.txt`. */
import { describe, expect, it } from 'vitest';
import { compare, namesIn, readExports, readRecord } from '../../../docs/exports/exports.ts';

const advice =
  'Export a name only if users of the package need it. If they do, run `npx --yes pnpm@12 exports` and add a changeset.';

describe('the exports of every package', () => {
  it('are the recorded ones', () => {
    expect(compare(readRecord(), readExports()), advice).toEqual([]);
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
