import { describe, expect, it } from 'vitest';
import { extractCredentials } from '../../src/index.ts';

const extract = (...authorization: string[]) =>
  extractCredentials({ authorization, tokenInQuery: false }, ['Bearer']).token;
const refusal = (code: string) => expect.objectContaining({ name: 'AuthError', code });

describe('extractCredentials for Bearer tokens', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER abc', 'abc'],
    ['bEaReR abc', 'abc'],
    ['Bearer   abc', 'abc'],
    ['Bearer aZ09-._~+/==', 'aZ09-._~+/=='],
  ])('takes the token out of "%s" (HDR-02, HDR-03)', (field, token) => {
    expect(extract(field)).toBe(token);
  });

  it.each([[], ['Basic dXNlcjpwYXNz'], ['DPoP abc'], ['Token abc'], ['Bearerabc'], ['']])(
    'finds no credentials in %j (ANS-01, HDR-08)',
    (...fields) => {
      expect(() => extract(...fields.flat())).toThrow(refusal('credentials_missing'));
    },
  );

  it.each([
    ['two fields (HDR-01)', ['Bearer abc', 'Bearer abc']],
    ['another scheme besides (HDR-01)', ['Bearer abc', 'Basic abc']],
    ['fields joined by a comma (HDR-01)', ['Bearer abc, Bearer def']],
    ['no token (HDR-07)', ['Bearer']],
    ['an empty token (HDR-07)', ['Bearer ']],
    ['only spaces (HDR-07)', ['Bearer    ']],
    ['NUL', ['Bearer a\0b']],
    ['a line break', ['Bearer a\r\nX: y']],
    ['DEL', ['Bearer a\x7f']],
  ])('calls %s malformed (ANS-02)', (_name, fields) => {
    expect(() => extract(...fields)).toThrow(refusal('credentials_malformed'));
  });

  it.each([
    ['a second word (HDR-04)', 'Bearer abc def'],
    ['a tab (HDR-05)', 'Bearer\tabc'],
    ['a tab after a space (HDR-05)', 'Bearer \tabc'],
    ['latin-1 (HDR-05)', 'Bearer abcé'],
    ['quotes', 'Bearer "abc"'],
    ['only padding', 'Bearer =='],
    ['padding in the middle', 'Bearer a=b'],
    ['8,193 characters (TOK-21)', `Bearer ${'a'.repeat(8_193)}`],
    ['a megabyte (TOK-21)', `Bearer ${'a'.repeat(1_000_000)}`],
  ])('does not take %s for a token (ANS-03)', (_name, field) => {
    expect(() => extract(field)).toThrow(refusal('token_malformed'));
  });

  it.each([8_191, 8_192])('takes %i characters (TOK-21)', (length) => {
    expect(extract(`Bearer ${'a'.repeat(length)}`)).toHaveLength(length);
  });

  it('ignores a token in the query, and refuses one besides the header (HDR-09)', () => {
    const query =
      (...authorization: string[]) =>
      () =>
        extractCredentials({ authorization, tokenInQuery: true }, ['Bearer']);

    expect(query()).toThrow(refusal('credentials_missing'));
    expect(query('Bearer abc')).toThrow(refusal('credentials_malformed'));
  });

  it.each([
    ['Bearer undefined', 'the word undefined in place of a token'],
    ['Bearer null', 'the word null in place of a token'],
    ['Bearer "abc"', 'not a b64token: quotation marks around it'],
    ['Bearer Bearer abc', 'not a b64token: the scheme twice'],
    ['Bearer [object Promise]', 'not a b64token: an object in place of a token'],
    ['Bearer <token>', 'not a b64token: a variable that was not replaced'],
    ['Bearer {{token}}', 'not a b64token: a variable that was not replaced'],
    ['Bearer abc def', 'not a b64token: white space in it'],
    ['Bearer abcé', 'not a b64token'],
    ['Bearer: abc', 'Bearer followed by a colon or an equals sign'],
    ['bearer=abc', 'Bearer followed by a colon or an equals sign'],
    ['eyJhbGciOi.e30.', 'a token without the scheme Bearer'],
    ['basic dXNlcjpwYXNz', 'the scheme Basic, which this server does not take'],
    ['DPoP abc', 'the scheme DPoP, which this server does not take'],
    ['Secret abc', 'another authentication scheme'],
  ])('CASE-37: says of %j what is wrong, from a closed list', (field, detail) => {
    expect(() => extract(field)).toThrow(expect.objectContaining({ detail }));
  });

  it('repeats nothing of the field', () => {
    for (const field of ['Bearer secret-token extra', 'Bearer secret-token,x', 'secret-token']) {
      try {
        extract(field);
        expect.unreachable();
      } catch (error) {
        const { message, detail } = error as { message: string; detail?: string };
        expect(`${message} ${detail}`).not.toContain('secret-token');
      }
    }
  });
});

describe('extractCredentials', () => {
  const both = (...authorization: string[]) =>
    extractCredentials({ authorization, tokenInQuery: false }, ['Bearer', 'DPoP']);

  it.each([
    ['Bearer abc', 'Bearer'],
    ['DPoP abc', 'DPoP'],
    ['dpop   abc', 'DPoP'],
    ['DPOP abc', 'DPoP'],
  ])('tells the scheme of "%s" (DPOP-10)', (field, scheme) => {
    expect(both(field)).toEqual({ scheme, token: 'abc' });
  });

  it.each([
    [['DPoP'], 'credentials_malformed'],
    [['DPoP abc', 'DPoP abc'], 'credentials_malformed'],
    [['DPoP abc', 'Bearer abc'], 'credentials_malformed'],
    [['DPoP abc, DPoP def'], 'credentials_malformed'],
    [['DPoP a b'], 'token_malformed'],
    [[`DPoP ${'a'.repeat(8_193)}`], 'token_malformed'],
    [['DPoPabc'], 'credentials_missing'],
    [['DPoPs abc'], 'credentials_missing'],
    [['Basic abc'], 'credentials_missing'],
  ])('refuses %j as it does with Bearer', (fields, code) => {
    expect(() => both(...fields)).toThrow(refusal(code));
  });

  it.each([
    [12_000, 12_000, undefined],
    [12_001, 12_000, 'the token has 12001 bytes; the limit is 12000 bytes (maximumTokenBytes)'],
    [8_192, undefined, undefined],
    [9_000, undefined, 'the token has 9000 bytes; the limit is 8192 bytes (maximumTokenBytes)'],
    [1_025, 1_024, 'the token has 1025 bytes; the limit is 1024 bytes (maximumTokenBytes)'],
  ])('CASE-34: judges %i bytes by the limit %s: %s (TOK-21)', (length, limit, detail) => {
    for (const scheme of ['Bearer', 'DPoP']) {
      const fields = { authorization: [`${scheme} ${'a'.repeat(length)}`], tokenInQuery: false };
      const take = () => extractCredentials(fields, ['Bearer', 'DPoP'], limit);
      if (detail === undefined) expect(take().token).toHaveLength(length);
      else expect(take).toThrow(expect.objectContaining({ code: 'token_malformed', detail }));
    }
  });

  it('refuses a token in the query besides the header (HDR-09)', () => {
    const fields = { authorization: ['DPoP abc'], tokenInQuery: true };

    expect(() => extractCredentials(fields, ['DPoP'])).toThrow(refusal('credentials_malformed'));
  });

  it('knows no scheme that it was not told of', () => {
    expect(() =>
      extractCredentials({ authorization: ['Bearer abc'], tokenInQuery: false }, ['DPoP']),
    ).toThrow(refusal('credentials_missing'));
  });
});
