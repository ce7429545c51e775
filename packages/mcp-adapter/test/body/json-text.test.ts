import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonBody } from '../../src/body/json-body.ts';
import { boundText } from '../../src/body/json-text.ts';
import { countingBytes } from './counting.ts';

const many = 1_000_000;
const bound = (text: string) => boundText(Buffer.from(text), many);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** All that the grammar has, and what is nearly in it. */
const pieces = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"\\""',
    '"\\\\"',
    '"',
    '\\',
    '{"a":',
    '"b":',
    '[]',
    '{}',
  ],
  ...[
    '0',
    '-',
    '1',
    '12345678',
    '.',
    'e',
    'E',
    '+',
    '01',
    '-0',
    '1.5E-3',
    '1e5',
    '1.',
    '.5',
    '1e+',
  ],
  ...[
    'true',
    'false',
    'null',
    'tru',
    'nulls',
    'True',
    'NaN',
    ' ',
    '\n',
    '\t\r',
    ' '.repeat(9),
    '\u00A0',
    'é',
  ],
);
const nearly = fc.array(pieces, { minLength: 1, maxLength: 8 }).map((all) => all.join(''));
const valid = fc.json({ maxDepth: 4 }).map((text) => text.replaceAll(/([,:])/g, '$1\n      '));
/** JSON with one character more, less or changed. */
const damaged = fc
  .tuple(valid, fc.nat(), fc.nat({ max: 1 }), fc.constantFrom('', ...'{}[]:,"\\01.eE+-tn \n'))
  .map(([text, at, removed, added]) => {
    const start = at % (text.length + 1);
    return `${text.slice(0, start)}${added}${text.slice(start + removed)}`;
  });

describe('the scan before JSON.parse', () => {
  it('CASE-04: refuses nothing that JSON.parse accepts, and lets nothing else in', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, valid, damaged), (text) => {
        if (isJson(text)) expect(bound(text)).toBeUndefined();
        expect(parseJsonBody(Buffer.from(text), 1_000).ok).toBe(isJson(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ...[
      '',
      ' ',
      '"a" "b"',
      '1 2',
      '[1 2]',
      '[1,]',
      '[,1]',
      '[1}',
      '{"a":1]',
      '{"a"}',
      '{"a":}',
      '{1:2}',
      '{"a":1,}',
    ],
    ...[
      '{"a":1 "b"',
      '{"a":"b":"c"}',
      ']',
      '[]]',
      '[',
      '{',
      '1,2',
      ':',
      '01',
      '-',
      '-x',
      '1.',
      '1.e5',
      '1e',
      '1e+',
    ],
    ...[
      '+1',
      '.5',
      'tru',
      'truE',
      'falsy',
      'fals',
      'nul',
      'nullnull',
      'NaN',
      "'a'",
      '/**/1',
      '\u00A01',
      '\uFEFF\uFEFF1',
    ],
  ])('says of %j that it is not JSON', (text) => {
    expect(isJson(text)).toBe(false);
    expect(bound(text)).toBe('body_not_json');
  });

  it.each([
    ...[
      '0',
      '-0',
      '10',
      '-12.50e-10',
      '1E5',
      '1e+5',
      '123456789012345678901234567890',
      'true',
      'false',
      'null',
      '\uFEFF1',
    ],
    ...[
      '""',
      '"\\\\"',
      '"\\\\\\""',
      '[ ]',
      '{ }',
      '\r\n[\t1 , 2 ]\n',
      '{"a":{"b":[true,{}]},"c":null}',
    ],
    `"${'a'.repeat(63)}\\"${'b'.repeat(200)}\\\\\\"${'c'.repeat(200)}\\\\"`,
  ])('says nothing of %j', (text) => {
    expect(bound(text)).toBeUndefined();
  });

  it.each([
    ['"" ', '"",'],
    ['"" ', '"" '],
    ['{"a":"b":', '"c":'],
    ['1e', 'e'],
    ['1', ' 1'],
    ['[1}', '1,'],
    [']', ']'],
    ['true', 'true'],
  ])('CASE-04: ends with the first byte that is not JSON: %j and 1 MiB of %j', (start, rest) => {
    const bytes = Buffer.from(start + rest.repeat(1_000_000 / rest.length));
    const { counted, looks } = countingBytes(bytes);

    expect(boundText(counted, many)).toBe('body_not_json');
    expect(looks()).toBeLessThan(100);
  });

  it('ends with any bytes, also in the middle of a token', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        boundText(bytes, many);
      }),
    );
    const whole = '{"a":[true,false,null,-12.5e+10,"\\"b\\\\"]}';
    for (let end = 0; end < whole.length; end += 1) {
      expect(parseJsonBody(Buffer.from(whole.slice(0, end)), 1_000).ok).toBe(false);
    }
  });
});
