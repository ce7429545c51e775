import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Denied } from '../src/index.ts';
import { formatList, parseList } from '../src/list/list-text.ts';

const issuer = 'https://auth.example.com';
const good = { issuer, subject: 'user-1', reason: 'left' };
const list = (entry: object) => JSON.stringify({ version: 1, denied: [entry] });

describe('parseList', () => {
  it('takes what people write by hand: no times, days, a byte order mark', () => {
    const until = { ...good, until: '2027-01-01', since: '2026-11-27T10:00Z' };

    expect(parseList(`\uFEFF${list(good)}`)).toEqual({ denied: [good], writtenAt: undefined });
    expect(parseList(list(until)).denied).toEqual([
      { ...good, until: 1_798_761_600, since: 1_795_773_600 },
    ]);
    expect(parseList('{"version":1,"denied":[]}').denied).toEqual([]);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['half of a list', list(good).slice(0, 40)],
    ['null', 'null'],
    ['an array', '[]'],
    ['no version', '{"denied":[]}'],
    ['another version', '{"version":2,"denied":[]}'],
    ['no entries', '{"version":1}'],
    ['entries of another form', '{"version":1,"denied":{}}'],
    ['a misspelt member of the list', '{"version":1,"denied":[],"denyed":[]}'],
    ['an entry that is null', '{"version":1,"denied":[null]}'],
    ['an entry without issuer', list({ ...good, issuer: undefined })],
    ['an entry without a party', list({ issuer, reason: 'x' })],
    ['an entry with two parties', list({ ...good, client: 'c' })],
    ['a misspelt party', list({ issuer, subjet: 'user-1', reason: 'x' })],
    ['a subject that is not a text', list({ ...good, subject: 7 })],
    ['an empty subject', list({ ...good, subject: '' })],
    ['space after the issuer', list({ ...good, issuer: `${issuer} ` })],
    ['no reason', list({ issuer, subject: 'user-1' })],
    ['a reason that is too long', list({ ...good, reason: 'x'.repeat(201) })],
    ['a time without its zone', list({ ...good, until: '2027-01-01T10:00' })],
    ['a time in seconds', list({ ...good, until: 1_800_000_000 })],
    ['a day that does not exist', list({ ...good, until: '2027-13-01' })],
    [
      'a member twice',
      '{"version":1,"denied":[{"issuer":"a","subject":"b","subject":"c","reason":"x"}]}',
    ],
    ['a list twice', '{"version":1,"denied":[{}],"denied":[]}'],
    [
      'a polluted entry',
      '{"version":1,"denied":[{"__proto__":{},"issuer":"a","subject":"b","reason":"x"}]}',
    ],
    ['too many entries', JSON.stringify({ version: 1, denied: Array(10_001).fill(good) })],
  ])('DEN-02: refuses %s as a whole, and quotes nothing', (_name, text) => {
    const act = () => parseList(text);

    expect(act).toThrow(expect.objectContaining({ name: 'DamagedList' }));
    expect(act).not.toThrow(/user-1/);
  });

  it('reads what it writes, whatever the names are', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((text) => text.trim() === text && text !== '');
    const kind = fc.constantFrom('subject', 'client', 'token');
    const time = fc.option(fc.integer({ min: 0, max: 4_000_000_000 }), { nil: undefined });
    const entry = fc.record({
      issuer: name,
      kind,
      id: name,
      reason: name,
      since: time,
      until: time,
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        const denied = entries.map(
          ({ kind: party, id, since, until, ...rest }) =>
            ({
              ...rest,
              [party]: id,
              ...(since !== undefined && { since }),
              ...(until !== undefined && { until }),
            }) as unknown as Denied,
        );
        expect(parseList(formatList(denied, 1_795_773_600_000))).toEqual({
          denied,
          writtenAt: 1_795_773_600_000,
        });
      }),
      { numRuns: 100 },
    );
  });
});
