import { describe, expect, it } from 'vitest';
import { listScopes, writeScopesTable } from '../../src/index.ts';
import { createTestGate } from '../fixture.ts';

// Rules that a gate cannot read would leave every tool open to any token.
const forms: readonly (readonly [string, unknown])[] = [
  ['a Map', new Map([['delete', ['notes:write']]])],
  ['a promise', Promise.resolve({ delete: ['notes:write'] })],
  ['an object that inherits its rules', Object.create({ delete: ['notes:write'] })],
  ['a rule that is undefined', { list: ['notes:read'], delete: undefined }],
];

describe.each(forms)('a scopes table with %s', (_name, rules) => {
  it.each(['tools', 'prompts', 'resources', 'methods'])(
    'OPS-12: is refused as %s, so that no operation is open by mistake',
    (kind) => {
      const scopes = { tools: {}, [kind]: rules } as never;
      const error = expect.objectContaining({
        name: 'ConfigError',
        option: expect.stringMatching(`^gate\\.scopes\\.${kind}`),
      });

      expect(() => createTestGate({ scopes })).toThrow(error);
      expect(() => listScopes(scopes)).toThrow(error);
      expect(() => writeScopesTable(scopes)).toThrow(error);
    },
  );
});
