import { expect, it } from 'vitest';
import { createPublicUrl } from '../../src/gate/public-url.ts';

it.each([
  ['https://h.test/mcp', '/mcp', 'https://h.test/mcp'],
  ['https://h.test/mcp', '/mcp/', 'https://h.test/mcp/'],
  ['https://h.test/mcp', '/mcp/messages', 'https://h.test/mcp/messages'],
  ['https://h.test/mcp', '/', 'https://h.test/mcp/'],
  ['https://h.test/notes/mcp', '/mcp', 'https://h.test/notes/mcp'],
  ['https://h.test/notes/mcp', '/mcp/', 'https://h.test/notes/mcp/'],
  ['https://h.test/notes/mcp', '/notes/mcp', 'https://h.test/notes/mcp'],
  ['https://h.test/mcp', '/mcpx', 'https://h.test/mcp'],
  ['https://h.test/mcp', '//evil.test/mcp', 'https://h.test/mcp'],
  ['https://h.test', '/', 'https://h.test/'],
  ['https://h.test', '/sse', 'https://h.test/sse'],
])('CASE-29: for %s, a request at %s has the address %s', (resource, path, expected) => {
  expect(createPublicUrl(resource)(path)).toBe(expected);
});
