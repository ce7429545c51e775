/** The upstream reads what the gate read (MCP-18). */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseExactly } from '../../src/json/exact-json.ts';
import { writeJudgedMessage } from '../../src/json/judged-message.ts';
import { alice, call, post, startProxy, type TestProxy } from '../fixture.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../recording-upstream.ts';

let upstream: RecordingUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startRecordingUpstream();
  proxy = await startProxy({ url: upstream.url });
});
afterAll(async () => {
  await proxy.stop();
  await upstream.stop();
});

async function sendArguments(text: string): Promise<string | undefined> {
  upstream.seen.length = 0;
  const { status } = await post(
    proxy.url,
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"value": ${text} }}}`,
  );
  if (status !== 200) return `status ${status}`;
  return /"value":(.*)\}\}\}$/.exec(upstream.seen[0]?.body ?? '')?.[1];
}

describe('numbers', () => {
  it.each([
    '1',
    '1.0',
    '-0',
    '-0.0',
    '0e0',
    '1e400',
    '-1e400',
    '1e-400',
    '1E5',
    '1e+5',
    '0.1',
    '0.10',
    '3.141592653589793238462643383279',
    '9007199254740993',
    '-9223372036854775808',
    '18446744073709551615',
    '123456789012345678901234567890',
    '[1.0,{"a":9007199254740993}]',
  ])('MCP-18: %s arrives digit for digit', async (text) => {
    expect(await sendArguments(text)).toBe(text);
  });

  it('MCP-18: digits in strings change nothing', async () => {
    expect(await sendArguments('"1e400 9007199254740993 -0"')).toBe('"1e400 9007199254740993 -0"');
  });

  it('MCP-18: an id of many digits arrives as it was', async () => {
    upstream.seen.length = 0;
    await post(proxy.url, '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}');

    expect(upstream.seen[0]?.body).toBe('{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}');
  });

  it('MCP-18: every number in any JSON keeps its source text', () => {
    const digits = fc.stringMatching(/^-?(?:0|[1-9]\d{0,25})(?:\.\d{1,25})?(?:[eE][+-]?\d{1,3})?$/);
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        digits,
        fc.string().map((text) => JSON.stringify(text)),
        fc.constantFrom('true', 'false', 'null'),
        fc
          .array(tie('value') as fc.Arbitrary<string>, { maxLength: 4 })
          .map((items) => `[${items}]`),
        fc
          .uniqueArray(fc.tuple(fc.string(), tie('value') as fc.Arbitrary<string>), {
            maxLength: 4,
            // Members whose names are integers change places.
            selector: ([name]) => name,
          })
          .map(
            (members) =>
              `{${members.map(([name, value]) => `${JSON.stringify(`m${name}`)}:${value}`)}}`,
          ),
      ),
    })).value as fc.Arbitrary<string>;
    fc.assert(
      fc.property(json, (text) => JSON.stringify(parseExactly(text)) === text),
      {
        numRuns: 300,
      },
    );
  });

  it.each([[2 ** 53], [1e21], [Number.POSITIVE_INFINITY]])(
    'MCP-18: %d from a body parser in front of the gate has lost digits, and is refused',
    (value) => {
      expect(writeJudgedMessage(call('echo', 1, { value }))).toBeUndefined();
    },
  );

  it.each([[2 ** 53 - 1], [0.1], [-1], [null], ['9'.repeat(40)]])(
    'MCP-18: %j from a body parser passes',
    (value) => {
      const body = call('echo', 1, { value });
      expect(writeJudgedMessage(body)).toBe(JSON.stringify(body));
    },
  );
});

describe('text that parsers read differently', () => {
  it.each([
    ['a duplicate member', '{"a":1,"a":2}', '{"a":2}'],
    ['a duplicate member with an escape', '{"a":1,"\\u0061":2}', '{"a":2}'],
    ['a duplicate member of long numbers', '{"a":1e400,"a":1.0}', '{"a":1.0}'],
    ['white space', '{ "a" :\t[ 1 ,\n2 ] }', '{"a":[1,2]}'],
    ['an escaped slash', '"\\/"', '"/"'],
    ['a lone surrogate', '"\\ud800"', '"\\ud800"'],
    ['a member named __proto__', '{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}'],
  ])('MCP-18: %s is written anew', async (_name, text, written) => {
    expect(await sendArguments(text)).toBe(written);
  });

  it.each([
    ['a comment', '1 /* a */'],
    ['NaN', 'NaN'],
    ['a trailing comma', '[1,]'],
    ['single quotes', "'a'"],
    ['a leading zero', '01'],
    ['101 levels', '['.repeat(101) + ']'.repeat(101)],
  ])('MCP-18: %s never reaches the upstream', async (_name, text) => {
    expect(await sendArguments(text)).toBe('status 400');
    expect(upstream.seen).toEqual([]);
  });

  it('MCP-18: invalid UTF-8 never reaches the upstream', async () => {
    upstream.seen.length = 0;
    const bytes = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":1,"method":"'),
      Buffer.of(0xff),
      Buffer.from('"}'),
    ]);
    const { status } = await fetch(proxy.url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${alice}`,
        'Content-Type': 'application/json',
      },
      body: bytes,
    });

    expect(status).toBe(400);
    expect(upstream.seen).toEqual([]);
  });
});
