import { expect, it } from 'vitest';
import { describeOldNode } from '../src/node-version.ts';

const versions = (node: string, more = {}) => ({ process: { versions: { node, ...more } } });

it.each(['18.20.0', '20.11.0', '22.11.9'])('refuses Node %s with one sentence', (node) => {
  expect(describeOldNode(versions(node))).toBe(
    `Sallyport needs Node 22.12 or later; this is ${node}.`,
  );
});

it.each([
  ['Node 22.12', versions('22.12.0')],
  ['Node 24', { ...versions('24.0.0'), navigator: { userAgent: 'Node.js/24' } }],
  ['Deno', versions('20.11.1', { deno: '2.0.0' })],
  ['Bun', versions('20.8.0', { bun: '1.1.0' })],
  ['Workers', { ...versions('20.0.0'), navigator: { userAgent: 'Cloudflare-Workers' } }],
  ['a browser', {}],
])('accepts %s', (_name, runtime) => {
  expect(describeOldNode(runtime)).toBeUndefined();
});
