import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prefersPage } from '../../src/request/prefers-page.ts';

it.each([
  ['Firefox', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
  [
    'Chrome',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
  ],
  ['a text browser', 'text/html, text/plain, */*'],
  ['upper case', 'TEXT/HTML'],
  ['JSON for want of better', 'text/html, application/json;q=0.5, text/event-stream;q=0.1'],
])('takes %s for a browser', (_who, accept) => {
  expect(prefersPage(accept)).toBe(true);
});

it.each([
  ['nothing', ''],
  ['curl', '*/*'],
  ['an MCP client', 'application/json, text/event-stream'],
  ['an event source', 'text/event-stream'],
  ['a client that takes both alike', 'text/html, application/json'],
  ['a client that takes a stream as well', 'text/html, text/event-stream'],
  ['a client that likes JSON better', 'text/html;q=0.5, application/json'],
  ['a client that likes anything better', 'text/html;q=0.5, */*'],
  ['a client that wants no page', 'text/html;q=0, */*'],
  ['a weight that is none', 'text/html;q=many'],
  ['a weight above one', 'text/html;q=7'],
  ['an image', 'image/avif,image/webp,*/*;q=0.8'],
])('takes %s for no browser', (_who, accept) => {
  expect(prefersPage(accept)).toBe(false);
});

it('never takes a client that names a stream first for a browser', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.string(), (weight, other) => {
      const page = `text/html;q=${weight.toFixed(3)}`;
      expect(prefersPage(`text/event-stream, ${page}, ${other.replaceAll('/', '')}`)).toBe(false);
    }),
    { numRuns: 200 },
  );
});
