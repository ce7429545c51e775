import { describe, expect, it } from 'vitest';
import { addressOf, limiters } from '../src/contestants/limiters.ts';
import { parseFloodFigures } from '../src/report/flood-figures.ts';

describe.each(limiters)('$name', ({ open }) => {
  it('counts failures of each key, and none when it is asked', async () => {
    const limiter = open();
    const before = await limiter.peek('192.0.2.1');
    expect(await limiter.peek('192.0.2.1')).toEqual(before);
    for (let failure = 0; failure < 12; failure += 1) await limiter.countFailure('192.0.2.1');

    expect(await limiter.peek('192.0.2.1')).not.toEqual(before);
    expect(await limiter.peek('192.0.2.2')).toEqual(before);
    await limiter.close();
  });
});

describe('addressOf', () => {
  it('has an address of its own for each number', () => {
    const addresses = Array.from({ length: 400_000 }, (_, index) => addressOf(index));

    expect(new Set(addresses).size).toBe(400_000);
    expect(addressOf(3_999_998)).not.toBe(addressOf(1_999_998));
    expect([addressOf(0), addressOf(1)]).toEqual(['10.0.0.1', '2001:0:0:1::/64']);
  });
});

describe('parseFloodFigures', () => {
  it('reads figures', () => {
    expect(parseFloodFigures('{"p99":4.5,"bytes":100}')).toEqual({ p99: 4.5, bytes: 100 });
  });

  it.each(['{}', '{"p99":"4","bytes":1}', '{"p99":4}'])('refuses %s', (text) => {
    expect(() => parseFloodFigures(text)).toThrow(TypeError);
  });
});
