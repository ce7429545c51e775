import { describe, expect, it } from 'vitest';
import { createOpenStreams, type OpenStreams } from '../../src/streams/open-streams.ts';
import type { StreamLease } from '../../src/streams/stream-lease.ts';

const options = {
  expiresAt: Number.MAX_SAFE_INTEGER / 1_000,
  checkSeconds: 60,
  check: () => expect.unreachable(),
  now: Date.now,
};

it('ends every stream that is open, once, and no other', () => {
  const streams = createOpenStreams(64);
  const ended: string[] = [];
  const watch = (name: string) => streams.open('alice', options)?.watch(() => ended.push(name));
  watch('a');
  watch('b')?.();
  watch('c');
  streams.end();
  streams.end();
  const stop = watch('d');

  expect(ended).toEqual(['a', 'c']);
  stop?.();
});

it('does not look at a token all the time where it may wait for months', async () => {
  let looks = 0;
  const lease = createOpenStreams(64).open('alice', {
    ...options,
    checkSeconds: 30 * 86_400,
    check: async () => {
      looks += 1;
      return 'undecided';
    },
  });
  const stop = lease?.watch(() => expect.unreachable());
  await new Promise((resolve) => setTimeout(resolve, 200));
  stop?.();

  expect(looks).toBe(0);
});

describe('streams of one caller', () => {
  const openAs = (streams: OpenStreams, caller: string) => streams.open(caller, options);

  it('CASE-72: opens as many as allowed, and leaves those of others alone', () => {
    const streams = createOpenStreams(3);
    const opened = Array.from({ length: 5 }, () => openAs(streams, 'alice') !== undefined);

    expect(opened).toEqual([true, true, true, false, false]);
    expect(openAs(streams, 'bob')).toBeDefined();
  });

  it.each<[string, (streams: OpenStreams, lease: StreamLease) => void]>([
    ['is released', (_streams, lease) => lease.release()],
    ['has closed', (_streams, lease) => lease.watch(() => {})()],
    [
      'is ended with all others',
      (streams, lease) => {
        lease.watch(() => {});
        streams.end();
      },
    ],
    [
      'is released before it closes',
      (_streams, lease) => {
        const stop = lease.watch(() => {});
        lease.release();
        stop();
        stop();
      },
    ],
  ])('CASE-72: a stream that %s gives its place back, once', (_name, finish) => {
    const streams = createOpenStreams(2);
    const lease = openAs(streams, 'alice');
    openAs(streams, 'alice');
    expect(openAs(streams, 'alice')).toBeUndefined();
    if (lease !== undefined) finish(streams, lease);

    expect(openAs(streams, 'alice')).toBeDefined();
    expect(openAs(streams, 'alice')).toBeUndefined();
  });

  it('CASE-72: a stream whose lease is over gives its place back', async () => {
    const streams = createOpenStreams(1);
    const ended = Promise.withResolvers<void>();
    const lease = streams.open('alice', { ...options, expiresAt: 0, check: async () => 'ended' });
    lease?.watch(ended.resolve);
    expect(openAs(streams, 'alice')).toBeUndefined();
    await ended.promise;

    expect(openAs(streams, 'alice')).toBeDefined();
  });

  it('ends a stream at once whose client left before it began', () => {
    const lease = openAs(createOpenStreams(1), 'alice');
    lease?.release();
    let ends = 0;
    lease?.watch(() => {
      ends += 1;
    });

    expect(ends).toBe(1);
  });
});
