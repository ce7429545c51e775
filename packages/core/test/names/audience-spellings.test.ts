import { expect, it } from 'vitest';
import { spellingsOfAudience } from '../../src/index.ts';

it.each([
  ['https://mcp.example.com', ['https://mcp.example.com', 'https://mcp.example.com/']],
  ['https://mcp.example.com/', ['https://mcp.example.com/', 'https://mcp.example.com']],
  [
    'https://mcp.example.com:8443',
    ['https://mcp.example.com:8443', 'https://mcp.example.com:8443/'],
  ],
  ['https://mcp.example.com/mcp', ['https://mcp.example.com/mcp']],
  ['https://mcp.example.com/mcp/', ['https://mcp.example.com/mcp/']],
  ['https://mcp.example.com?a', ['https://mcp.example.com?a']],
  ['api://notes', ['api://notes']],
  ['notes', ['notes']],
  ['', ['']],
])('CASE-31: an audience of %j can be written %j', (audience, spellings) => {
  expect([...spellingsOfAudience([audience])].sort()).toEqual([...spellings].sort());
});
