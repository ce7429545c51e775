import { describe, expect, it } from 'vitest';
import { readAuthority, type Scheme } from '../../src/headers/authority.ts';

describe('readAuthority', () => {
  it.each<[readonly string[], readonly (string | undefined)[], Scheme, string | undefined]>([
    [['a.test'], [], 'http', 'a.test'],
    [[], ['a.test'], 'https', 'a.test'],
    [['a.test'], ['a.test'], 'https', 'a.test'],
    [['A.test'], ['a.TEST'], 'https', 'A.test'],
    [['a.test:443'], ['a.test'], 'https', 'a.test:443'],
    [['a.test'], ['a.test:80'], 'http', 'a.test'],
    [['a.test:'], ['a.test'], 'http', 'a.test:'],
    [['a.test'], [undefined], 'http', 'a.test'],
    [[], [], 'http', undefined],
    [[], [undefined], 'http', undefined],
    [['a.test', 'b.test'], [], 'http', undefined],
    [['a.test', 'a.test'], [], 'http', undefined],
    [['a.test, a.test'], ['a.test'], 'http', undefined],
    [['a.test'], ['b.test'], 'http', undefined],
    [['a.test:443'], ['a.test'], 'http', undefined],
    [['a.test:80'], ['a.test:443'], 'http', undefined],
    [['a.test:8000'], ['a.test'], 'http', undefined],
    [['a.test.'], ['a.test'], 'http', undefined],
    [['a.test'], ['a.test', 'b.test'], 'http', undefined],
    [[''], ['a.test'], 'http', undefined],
  ])(
    'CASE-11, HDR-23: of Host %j and copies %j over %s, reads %j',
    (fields, others, scheme, expected) => {
      expect(readAuthority(fields, others, scheme)).toBe(expected);
    },
  );
});
