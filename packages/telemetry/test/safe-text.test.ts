import { expect, it } from 'vitest';
import { safeText } from '../src/lines/safe-text.ts';
import { naughtyStrings } from './naughty-strings.ts';

it.each(naughtyStrings)('makes %s bounded and printable ASCII (OPS-03)', (_, text) => {
  const safe = safeText(text);

  expect(safe).toMatch(/^[\x20-\x7e]*$/);
  expect(safe.length).toBeLessThanOrEqual(256);
});

it.each([
  ['plain text', 'plain text'],
  ['a\r\nb', 'a\\u000d\\u000ab'],
  ['\u202e\ud800', '\\u202e\\ud800'],
  ['"\\', '\\u0022\\u005c'],
  ['x'.repeat(300), `${'x'.repeat(236)}... (300 characters)`],
  ['kid eyJhbGciOiJub25lIn0.e30. refused', 'kid [token] refused'],
  [`key sallyport_${'aB3'.repeat(16)}x refused`, 'key [token] refused'],
  ['metric sallyport_requests_total', 'metric sallyport_requests_total'],
])('writes %j as %s', (text, safe) => {
  expect(safeText(text)).toBe(safe);
});
