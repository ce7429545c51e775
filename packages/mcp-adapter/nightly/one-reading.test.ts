/** The attacks of the normal suite, where each pair sends every attempt without a token too. */
import { afterAll, expect, it } from 'vitest';
import { attack, pairs } from '../test/body/one-reading/attack.ts';

let sent = 0;
afterAll(() => void process.stdout.write(`one reading, all without a token: ${sent} requests\n`));

it.each(pairs)(
  'MCP-22: $handler behind $arrangement.name writes nothing without a token, for any attempt',
  async ({ arrangement, handler }) => {
    const attacked = await attack(arrangement, handler, () => true);
    sent += attacked.sent;

    expect(attacked.odd).toEqual([]);
    expect(attacked.markers.write).toBe(0);
    await attacked.close();
  },
);
