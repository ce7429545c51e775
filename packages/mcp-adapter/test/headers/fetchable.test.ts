import { describe, expect, it } from 'vitest';
import { createAddressCheck } from '../../src/headers/fetchable.ts';

const good = { host: 'mcp.example.com', target: '/mcp?live' };

describe('createAddressCheck', () => {
  it.each<[what: string, host: string | undefined, target: string]>([
    ['no host', undefined, '/mcp?live'],
    ['an empty host', '', '/mcp?live'],
    ['a host with a user', 'a@mcp.example.com', '/mcp?live'],
    ['a host with a path', 'mcp.example.com/x', '/mcp?live'],
    ['a port that is none', 'mcp.example.com:99999', '/mcp?live'],
    ['a target in absolute form', 'mcp.example.com', 'http://mcp.example.com/mcp'],
    ['a target that is no path', 'mcp.example.com', '*'],
  ])('refuses %s, also after a good address', (_what, host, target) => {
    const isFetchable = createAddressCheck();

    const answers = [{ host, target }, good, { host, target }, good].map(isFetchable);

    expect(answers).toEqual([false, true, false, true]);
  });
});
