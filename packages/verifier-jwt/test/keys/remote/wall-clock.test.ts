/** The wall clock can jump, and the age of keys is measured by another clock. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { setUp } from './jwks-origin.ts';

const day = 86_400_000;

it.each([-day, day])(
  'JWK-20: keys stay fresh for the same time although the wall clock jumps by %i ms',
  async (jump) => {
    const { origin, find, settle } = setUp();
    await find();
    const jumped = Date.now() + jump;
    const clock = vi.spyOn(Date, 'now').mockReturnValue(jumped);
    onTestFinished(() => clock.mockRestore());
    origin.now = 3_600_000 * 0.5;
    await find();
    await settle();
    expect(origin.fetches).toBe(1);
    origin.now = 3_600_000 * 0.9;
    await find();
    await settle();
    expect(origin.fetches).toBe(2);
  },
);
