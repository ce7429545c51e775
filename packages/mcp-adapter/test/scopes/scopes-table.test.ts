import { expect, it } from 'vitest';
import { writeScopesTable } from '../../src/index.ts';

it('says what each operation needs', () => {
  const table = writeScopesTable({
    tools: {
      whoami: [],
      write_note: ['write:data', 'a|b'],
      edit: { scopes: ['read:data', 'write:data'], choose: () => [] },
    },
    prompts: { summary: ['read:data'] },
    resources: { 'notes://*': ['read:data'] },
    methods: { 'tools/list': ['list'] },
  });

  expect(table.trimEnd().split('\n')).toEqual([
    '| operation | scopes |',
    '| --- | --- |',
    '| tool `whoami` | any token |',
    '| tool `write_note` | `write:data` `a\\|b` |',
    '| tool `edit` | by its arguments, of `read:data` `write:data` |',
    '| prompt `summary` | `read:data` |',
    '| resource `notes://*` | `read:data` |',
    '| method `tools/list` | `list` |',
  ]);
});
