import { describe, expect, it } from 'vitest';
import { createHostCheck } from '../../src/headers/allowed-hosts.ts';

const local = 'http://localhost:8000/mcp';
const distant = 'https://mcp.example.com/mcp';

describe('createHostCheck', () => {
  it.each<[string, readonly string[] | undefined, string | undefined, boolean]>([
    [local, undefined, 'localhost:8000', true],
    [local, undefined, 'LOCALHOST', true],
    [local, undefined, '127.0.0.1:1', true],
    [local, undefined, '[::1]:8000', true],
    [local, undefined, 'evil.example.net:8000', false],
    [local, undefined, 'localhost.evil.example.net', false],
    [local, undefined, 'evil.example.net@localhost', false],
    [local, undefined, 'localhost/evil', false],
    [local, undefined, 'a b', false],
    [local, undefined, '', false],
    [local, undefined, undefined, false],
    [local, undefined, 'localhost:', true],
    [local, undefined, 'localhost:1:2', false],
    ['http://127.0.0.2:8000/mcp', undefined, '127.0.0.2:8000', true],
    ['http://127.0.0.2:8000/mcp', undefined, 'evil.example.net', false],
    [distant, undefined, 'whatever.example.net', true],
    [distant, undefined, undefined, true],
    [distant, ['MCP.example.com'], 'mcp.example.com:443', true],
    [distant, ['mcp.example.com'], 'other.example.com', false],
    [local, ['dev.test'], 'localhost', false],
    [local, ['dev.test'], 'dev.test:8000', true],
  ])('for %s with %j, says of %j: %s', (resource, allowed, host, verdict) => {
    expect(createHostCheck(resource, allowed)(host)).toBe(verdict);
  });

  it.each(['mcp.example.com:443', 'https://mcp.example.com', '*', 'a b', ''])(
    'refuses to start with %j',
    (host) => {
      expect(() => createHostCheck(distant, [host])).toThrow(
        expect.objectContaining({ option: 'gate.allowedHosts' }),
      );
    },
  );
});
