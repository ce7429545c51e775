import { createRequestStateCodec, type ServerContext } from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import { callerKey, createStateHandle } from '../../src/index.ts';

const caller = (issuer: unknown, subject: unknown) => ({ extra: { issuer, subject } });

describe('callerKey (MCP-05)', () => {
  it('tells callers apart, whatever their names are made of', () => {
    const keys = [
      callerKey(caller('https://a.example', 'alice')),
      callerKey(caller('https://a.example', 'bob')),
      callerKey(caller('https://b.example', 'alice')),
      callerKey(caller('https://a.example","alice', '')),
      callerKey(caller('https://a.example', 'alice"]')),
    ];

    expect(new Set(keys).size).toBe(keys.length);
    for (const [index, key] of keys.entries()) {
      expect(keys.some((other, at) => at !== index && other.startsWith(key))).toBe(false);
    }
  });

  it.each([undefined, {}, { extra: {} }, caller('https://a.example', undefined), caller(1, 'a')])(
    'knows no caller in %j',
    (authInfo) => {
      expect(() => callerKey(authInfo)).toThrow('no caller: the request did not pass the gate');
    },
  );

  it('binds the request state of SDK v2 to its caller', async () => {
    const codec = createRequestStateCodec<{ step: number }>({
      key: 'k'.repeat(32),
      bind: ({ http }) => callerKey(http?.authInfo),
    });
    const as = (subject: string) =>
      ({ http: { authInfo: caller('https://a.example', subject) } }) as unknown as ServerContext;
    const state = await codec.mint({ step: 1 }, as('alice'));

    await expect(codec.verify(state, as('alice'))).resolves.toEqual({ step: 1 });
    await expect(codec.verify(state, as('bob'))).rejects.toThrow('bind');
  });
});

describe('createStateHandle (MCP-05)', () => {
  it('makes another one each time', () => {
    const handles = Array.from({ length: 1_000 }, createStateHandle);

    expect(new Set(handles).size).toBe(1_000);
    for (const handle of handles) expect(handle).toMatch(/^[0-9a-f]{32}$/);
  });
});
