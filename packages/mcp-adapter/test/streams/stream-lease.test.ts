import { describe, expect, it } from 'vitest';
import { createStreamLease, type Renewal } from '../../src/streams/stream-lease.ts';

const nowSeconds = () => Date.now() / 1_000;

/** Watches until the stream is ended or `seconds` have passed, and says which, and how often it looked. */
async function watch(expiresAt: number, renewals: readonly Renewal[], seconds: number) {
  let looks = 0;
  const lease = createStreamLease({
    expiresAt,
    checkSeconds: 1,
    now: Date.now,
    check: async () => {
      looks += 1;
      return renewals[looks - 1] ?? renewals.at(-1) ?? 'ended';
    },
  });
  let ends = 0;
  let stop = () => {};
  await new Promise<void>((resolve) => {
    stop = lease.watch(() => {
      ends += 1;
      resolve();
    });
    setTimeout(resolve, seconds * 1_000);
  });
  stop();
  return { ends, looks };
}

describe.concurrent('createStreamLease (MCP-06)', () => {
  it('ends what was found to be no longer good, once', async () => {
    expect(await watch(nowSeconds() + 100, ['ended'], 3)).toEqual({ ends: 1, looks: 1 });
  });

  it('goes on through an outage, until the time that was known', async () => {
    const { ends, looks } = await watch(nowSeconds() + 4.5, ['undecided'], 10);

    expect(ends).toBe(1);
    expect(looks).toBeGreaterThanOrEqual(2);
  });

  it('goes on for as long as the token is still found good, also after its time', async () => {
    const tolerated = { expiresAt: nowSeconds() };
    const { ends, looks } = await watch(nowSeconds() + 0.1, [tolerated], 5);

    expect(ends).toBe(0);
    expect(looks).toBeGreaterThanOrEqual(2);
    expect(looks).toBeLessThanOrEqual(5);
  });

  it('asks again where there was no stream to end, and looks at the token no more', async () => {
    let looks = 0;
    let ends = 0;
    const lease = createStreamLease({
      expiresAt: nowSeconds() + 100,
      checkSeconds: 1,
      now: Date.now,
      check: async () => {
        looks += 1;
        return 'ended';
      },
    });
    const ended = Promise.withResolvers<void>();
    lease.watch(() => {
      ends += 1;
      if (ends === 2) ended.resolve();
      return ends === 2;
    });
    await ended.promise;

    expect([looks, ends]).toEqual([1, 2]);
  });

  it('does not look before the pause is over where it is patient', async () => {
    let looks = 0;
    const lease = createStreamLease({
      expiresAt: nowSeconds(),
      checkSeconds: 60,
      isPatient: true,
      now: Date.now,
      check: async () => {
        looks += 1;
        return 'ended';
      },
    });
    const stop = lease.watch(() => expect.unreachable());
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    stop();

    expect(looks).toBe(0);
  });

  it('takes over a later time', async () => {
    const later = { expiresAt: nowSeconds() + 100 };

    expect((await watch(nowSeconds() + 3, [later, 'undecided'], 5)).ends).toBe(0);
  });

  it('looks no more once it is stopped', async () => {
    let looks = 0;
    const lease = createStreamLease({
      expiresAt: nowSeconds() + 100,
      checkSeconds: 1,
      now: Date.now,
      check: async () => {
        looks += 1;
        return 'ended';
      },
    });
    lease.watch(() => expect.unreachable())();
    await new Promise((resolve) => setTimeout(resolve, 1_500));

    expect(looks).toBe(0);
  });

  it('ends soon when the caller is refused, also where there was no stream at first', async () => {
    let refuse = () => {};
    let watching = 1;
    let looks = 0;
    const lease = createStreamLease({
      expiresAt: nowSeconds() + 100,
      checkSeconds: 60,
      now: Date.now,
      check: async () => {
        looks += 1;
        return 'undecided';
      },
      onRefusal: (end) => {
        // Refused before it is watched.
        end();
        refuse = end;
        return () => {
          watching -= 1;
        };
      },
    });
    let ends = 0;
    await new Promise<void>((resolve) => {
      lease.watch(() => {
        ends += 1;
        if (ends === 1) return false;
        resolve();
        return true;
      });
      expect(ends).toBe(0);
    });
    refuse();
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect({ ends, looks, watching }).toEqual({ ends: 2, looks: 0, watching: 0 });
  });

  it('ends nothing that has stopped while it looked', async () => {
    const { promise: looking, resolve: looks } = Promise.withResolvers<void>();
    const { promise: answer, resolve: says } = Promise.withResolvers<Renewal>();
    const lease = createStreamLease({
      expiresAt: nowSeconds() + 100,
      checkSeconds: 1,
      now: Date.now,
      check: () => {
        looks();
        return answer;
      },
    });
    let ends = 0;
    const stop = lease.watch(() => {
      ends += 1;
    });
    await looking;
    stop();
    says('ended');
    await answer;
    await new Promise(setImmediate);

    expect(ends).toBe(0);
  });
});
