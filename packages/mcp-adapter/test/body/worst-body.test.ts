/** A seeded search for the body that makes the gate work most, counted in operations. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBuffer } from '../../src/body/decode-buffer.ts';
import { parseJsonBody } from '../../src/body/json-body.ts';
import { maximumNodesOf } from '../../src/body/json-bounds.ts';
import { boundText } from '../../src/body/json-text.ts';
import { createMessageReader } from '../../src/body/read-message.ts';
import type { GateRequest } from '../../src/gate/gate-request.ts';
import { countingBytes, countingValue } from './counting.ts';

const limit = 1_048_576;
const nodes = maximumNodesOf(limit);

/** A part that is repeated until the body is full. `#` stands for a number that is new each time. */
const part = fc.constantFrom(
  '0,',
  '[],',
  '{},',
  '[[]],',
  '"",',
  '"#",',
  '{"a":0},',
  '{"#":0},',
  '{"a":{"#":[]}},',
  '"\\\\",',
  '"\\"",',
  '"\\u00e9",',
  '"é",',
  '"語😀",',
  '1e5,',
  '-0.5,',
  '12345678901234567890,',
  'true,null,false,',
  `${' '.repeat(30)}0,`,
  `\n\t\r${' '.repeat(13)}0,`,
  `"${'a'.repeat(40)}",`,
  `"${'\\"'.repeat(20)}",`,
  '"file:///#",',
  '{"jsonrpc":"2.0","method":"ping"},',
  '{"jsonrpc":"2.0","id":#,"method":"tools/call","params":{"name":"notes"}},',
);
const parts = fc.array(part, { minLength: 1, maxLength: 3 });
/** Where the parts stand: as the elements of a list, or as the values of members. */
const holder = fc.constantFrom(
  (list: string) => `[${list}0]`,
  (list: string) => call(`[${list}0]`),
  (list: string) => call(`{"deep":${'['.repeat(90)}${list}0${']'.repeat(90)}}`),
  (list: string) => listen(`[${list}0]`),
  (list: string) => call(`{${members(list)}"last":0}`),
  // Not JSON: it breaks off.
  (list: string) => `[${list}`,
  (list: string) => `"${list}`,
  (list: string) => `\uFEFF[${list}0]`,
);
const size = fc.constantFrom(1_000, 100_000, limit / 2, limit);
const filler = fc.constantFrom('', ' ', '\n', '\t ', '0');

const call = (value: string) =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"notes","arguments":${value}}}`;
const listen = (uris: string) =>
  `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":${uris}}}}`;

/** Each element of a list as a member with a name of its own. */
function members(list: string): string {
  let count = 0;
  return list.replaceAll(/(?<=^|,)(?=["[{\-\dtfn\s])/g, () => {
    count += 1;
    return `"m${count}":`;
  });
}

/** The body of this shape, no larger than the limit. */
const body = fc
  .record({ parts, holder, size, filler })
  .map(({ parts: chosen, holder: hold, size: bytes, filler: fill }) => {
    const unit = chosen.join('');
    const length = Buffer.byteLength(unit.replaceAll('#', '100000'));
    const room = Math.max(0, Math.floor((bytes - 600) / (length + 12)));
    let number = 100_000;
    const next = () => {
      number += 1;
      return `${number}`;
    };
    const list = Array.from({ length: room }, () => unit.replaceAll('#', next));
    const text = hold(list.join(''));
    const rest = fill === '' ? 0 : Math.max(0, bytes - Buffer.byteLength(text));
    return Buffer.from(`${text}${fill.repeat(rest / Math.max(1, fill.length))}`);
  })
  .filter((bytes) => bytes.length <= limit);

/** Everything that the gate does with the value of a body before it decides. */
async function read(value: unknown, isBounded?: boolean) {
  const reader = createMessageReader(limit, { bodyConsumed() {} } as never);
  const { value: counted, operations } = countingValue(value);
  const request = { readJson: async () => ({ ok: true, value: counted, isBounded }) };
  const outcome = await reader(request as unknown as GateRequest);
  return { outcome, operations: operations() };
}

describe('the worst body of 1 MiB', () => {
  it('CASE-04, MCP-15: costs at most two looks at each byte, and none at each node', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        const { counted, looks } = countingBytes(bytes);
        const fault = boundText(counted, nodes);
        // A byte of filler is looked at alone or in a word, and one backslash more for each string.
        expect(looks()).toBeLessThanOrEqual(2 * bytes.length + 16);
        if (fault !== undefined) return;
        const parsed = parseJsonBody(bytes, limit, decodeBuffer);
        if (!parsed.ok) return;
        // What was bounded as text is not counted again. The rest is for the envelopes.
        const { operations } = await read(parsed.value, parsed.isBounded);
        expect(operations).toBeLessThanOrEqual(4_000);
      }),
      { numRuns: 20, seed: 20_260_404 },
    );
  });

  it('MCP-15: is refused after as much work as the bounds allow, however large its value is', async () => {
    const half = 500_000;
    for (const value of [
      Array.from({ length: half }, () => 0),
      Array.from({ length: half }, () => ({ jsonrpc: '2.0', method: 'ping' })),
      JSON.parse(call(`[${'0,'.repeat(half)}0]`)),
      JSON.parse(listen(`[${'"a:b",'.repeat(half)}"a:b"]`)),
      JSON.parse(call(`[${'[],'.repeat(half)}0]`)),
    ]) {
      const { outcome, operations } = await read(value);

      expect(outcome.ok).toBe(false);
      expect(operations).toBeLessThanOrEqual(4 * nodes + 4_000);
    }
  });
});

describe('the two decoders', () => {
  it('read every text alike, and refuse the same', () => {
    const strict = (bytes: Uint8Array) => parseJsonBody(bytes, limit);
    const fast = (bytes: Uint8Array) => parseJsonBody(bytes, limit, decodeBuffer);
    const mark = Buffer.from('\uFEFF');
    const raw = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    const quoted = raw.map((bytes) => Buffer.concat([Buffer.from('"'), bytes, Buffer.from('"')]));
    const json = fc.json({ stringUnit: 'binary' }).map((text) => Buffer.from(text));
    const any = fc.oneof(raw, quoted, json);
    fc.assert(
      fc.property(any, fc.nat({ max: 2 }), (bytes, marks) => {
        const whole = Buffer.concat([...Array.from({ length: marks }, () => mark), bytes]);
        expect(fast(whole)).toEqual(strict(whole));
        // A view into a larger buffer, and no Buffer.
        const inside = new Uint8Array(Buffer.concat([mark, whole])).subarray(mark.length);
        expect(fast(inside)).toEqual(strict(whole));
      }),
      { numRuns: 200 },
    );
    expect(fast(Buffer.from('\uFEFF[1]'))).toMatchObject({ ok: true, value: [1] });
    expect(fast(Buffer.from('\uFEFF\uFEFF[1]'))).toMatchObject({ ok: false });
  });
});
