import { expect, it } from 'vitest';
import { createOpenStreams } from '../src/open-streams.ts';

const options = {
  expiresAt: Number.MAX_SAFE_INTEGER / 1_000,
  checkSeconds: 60,
  check: () => expect.unreachable(),
  now: Date.now,
};

it('ends every stream that is open, once, and no other', () => {
  const streams = createOpenStreams();
  const ended: string[] = [];
  const watch = (name: string) => streams.keep(options).watch(() => ended.push(name));
  watch('a');
  watch('b')();
  watch('c');
  streams.end();
  streams.end();
  const stop = watch('d');

  expect(ended).toEqual(['a', 'c']);
  stop();
});

it('does not look at a token all the time where it may wait for months', async () => {
  let looks = 0;
  const lease = createOpenStreams().keep({
    ...options,
    checkSeconds: 30 * 86_400,
    check: async () => {
      looks += 1;
      return 'undecided';
    },
  });
  const stop = lease.watch(() => expect.unreachable());
  await new Promise((resolve) => setTimeout(resolve, 200));
  stop();

  expect(looks).toBe(0);
});
