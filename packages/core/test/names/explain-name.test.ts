import { expect, it } from 'vitest';
import { explainAudience, explainDifference, explainIssuer } from '../../src/index.ts';

const own = 'https://notes.example.com/mcp';

it.each([
  [`${own}/`, 'a trailing slash'],
  ['http://notes.example.com/mcp', 'the scheme (http against https)'],
  ['notes.example.com/mcp', 'the scheme (absent against https)'],
  ['secret-scheme://notes.example.com/mcp', 'the scheme (another against https)'],
  ['HTTPS://Notes.example.com/mcp', 'upper and lower case'],
  ['https://notes.example.com/MCP/', 'a trailing slash and upper and lower case'],
  ['https://notes.example.com:443/mcp', 'the port'],
  ['https://notes.example.org/mcp', 'the host'],
  ['https://notes.example.com', 'the path'],
  ['https://notes.example.com/sse', 'the path'],
  [`${own}#top`, 'the query or fragment'],
  [` ${own}`, 'white space'],
  [`${own}/\n`, 'white space and a trailing slash'],
  [
    'http://notes.example.com:8000/mcp/',
    'the scheme (http against https) and the port and a trailing slash',
  ],
])('CASE-37: says how %j differs, and quotes only what is configured', (found, difference) => {
  expect(explainDifference([found], [own])).toBe(`differs by ${difference} from ${own}`);
});

it.each([['https://crm.example.org/api'], ['notes'], [own], [''], ['a'.repeat(3_000)]])(
  'CASE-37: finds nothing alike in %.40s',
  (found) => {
    expect(explainDifference([found], [own])).toBeUndefined();
  },
);

it('CASE-37: says that the configured name has no scheme', () => {
  expect(explainDifference([own], ['notes.example.com/mcp'])).toBe(
    'differs by the scheme (https against none) from notes.example.com/mcp',
  );
});

it('CASE-37: names the configured value with the fewest differences', () => {
  const configured = ['https://notes.example.org/api', own];

  expect(explainAudience([`${own}/`], configured)).toBe(`differs by a trailing slash from ${own}`);
});

it.each([
  [['api://5d0b9a3e'], ['5d0b9a3e'], 'differs by the prefix api:// from 5d0b9a3e'],
  [['5d0b9a3e'], ['api://5d0b9a3e'], 'differs by the prefix api:// from api://5d0b9a3e'],
  [[], ['a', 'b', 'c', 'd'], 'absent; configured: a, b, c and 1 more'],
  [['x'], ['a'], 'for another server or client; configured: a'],
])('CASE-37: says of the audiences %j at %j: %s', (found, configured, text) => {
  expect(explainAudience(found, configured)).toBe(text);
});

it.each([
  [undefined, 'absent'],
  ['', 'absent'],
  [7, 'not a string'],
  ['x', 'another issuer; configured: https://id.example.com'],
  ['https://id.example.com/', 'differs by a trailing slash from https://id.example.com'],
])('CASE-37: says of the issuer %j: %s', (found, text) => {
  expect(explainIssuer(found, ['https://id.example.com'])).toBe(text);
});

it('CASE-37: compares a bounded number of names, so that a token cannot make it slow', () => {
  const many = Array.from({ length: 2_000 }, (_, index) => `https://${index}.example.com/mcp`);

  expect(explainDifference([...many, `${own}/`], [own])).toBe(`differs by the host from ${own}`);
});
