import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundValue, maximumDepth, maximumNodesOf } from '../../src/body/json-bounds.ts';
import { boundText, isTooDeep } from '../../src/body/json-text.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const many = 1_000_000;
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

/** The least bound that a value passes: how many values and names it has. */
function nodesOf(passes: (maximum: number) => boolean): number {
  let maximum = 1;
  while (!passes(maximum)) maximum += 1;
  return maximum;
}

describe('bounds of a body', () => {
  it.each([
    ['text', (text: string, maximum: number) => boundText(bytesOf(text), maximum)],
    ['a parsed value', (text: string, maximum: number) => boundValue(JSON.parse(text), maximum)],
  ])('CASE-04: hold for %s', (_name, bound) => {
    expect(bound(nested(maximumDepth), many)).toBeUndefined();
    expect(bound(nested(maximumDepth + 1), many)).toBe('body_too_deep');
    expect(bound(`{"a":${nested(maximumDepth)}}`, many)).toBe('body_too_deep');
    expect(bound(nested(50_000), many)).toBe('body_too_deep');
    expect(bound(`[${'0,'.repeat(998)}0]`, 1_000)).toBeUndefined();
    expect(bound(`[${'0,'.repeat(1_000)}0]`, 1_000)).toBe('body_too_complex');
    expect(
      bound(
        `{${'"a":[],'.repeat(600)}"b":0}`.replaceAll(/"a"/g, (_, at) => `"${at}"`),
        1_000,
      ),
    ).toBe('body_too_complex');
  });

  it('CASE-04: are the same for the depth of a small body', () => {
    const brackets = fc.stringMatching(/^[[{,"\\\]}é]{0,20}$/);
    const json = fc.json({ stringUnit: 'binary', maxDepth: 6 });
    const text = fc
      .tuple(fc.nat({ max: 12 }), fc.array(brackets, { maxLength: 12 }), fc.array(json))
      .map(([more, texts, values]) => {
        const depth = maximumDepth - 6 + more;
        const inner = [...texts.map((part) => JSON.stringify(part)), ...values].join();
        return `[${nested(2)},${'{"a":['.repeat(depth / 2)}${inner}${']}'.repeat(depth / 2)}]`;
      });
    let deep = 0;
    fc.assert(
      fc.property(text, (body) => {
        const isDeep = boundText(bytesOf(body), many) === 'body_too_deep';
        deep += Number(isDeep);
        expect(isTooDeep(bytesOf(body))).toBe(isDeep);
        expect(boundValue(JSON.parse(body), many) === 'body_too_deep').toBe(isDeep);
      }),
      { numRuns: 300 },
    );
    expect(deep).toBeGreaterThan(30);
  });

  it('count what stands in strings as nothing', () => {
    for (const text of [
      '[{,:}]',
      '\\"[[[',
      '\\\\',
      '\\\\\\"',
      'é\\u005b',
      ',"'.replace('"', '\\"'),
    ]) {
      expect(nodesOf((maximum) => boundText(bytesOf(`"${text}"`), maximum) === undefined)).toBe(1);
      expect(nodesOf((maximum) => boundText(bytesOf(`["${text}",0]`), maximum) === undefined)).toBe(
        3,
      );
    }
  });

  it('never let more pass as text than as a value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const value: unknown = JSON.parse(text);
        const asValue = nodesOf((maximum) => boundValue(value, maximum) === undefined);
        const asText = nodesOf((maximum) => boundText(bytesOf(text), maximum) === undefined);
        // An empty container counts twice as text. Duplicate names count once as a value.
        expect(asText).toBeGreaterThanOrEqual(asValue);
      }),
      { numRuns: 500 },
    );
  });

  it('grow with the limit for bytes, from 50,000 on', () => {
    expect(maximumNodesOf(1)).toBe(50_000);
    expect(maximumNodesOf(1_048_576)).toBe(52_428);
    expect(maximumNodesOf(10 * 1_048_576)).toBe(524_288);
  });
});
