import { describe, expect, it } from 'vitest';
import { type Effort, type Lane, measureRounds } from '../src/rounds/rounds.ts';

const effort: Effort = { rounds: 4, sliceMs: 0.01, warmUpMs: 0.01, ringSize: 1 };

const direct: Lane = { name: 'direct', expects: 'acceptance', call: () => 1 };
const awaited: Lane = { name: 'awaited', expects: 'acceptance', call: async () => 1 };
const silent = () => {};

describe('measureRounds', () => {
  it('has a figure of every lane for every round, and says which round it is', async () => {
    const rounds: number[] = [];
    const timings = await measureRounds([direct, awaited], effort, (round) => rounds.push(round));

    expect([...timings.keys()]).toEqual(['direct', 'awaited']);
    for (const figures of timings.values()) {
      expect(figures).toHaveLength(4);
      expect(figures.every((figure) => figure > 0)).toBe(true);
    }
    expect(rounds).toEqual([1, 2, 3, 4]);
  });

  it('begins each round with another lane', async () => {
    const order: string[] = [];
    const lane = (name: string): Lane => ({
      name,
      expects: 'acceptance',
      call() {
        if (order.at(-1) !== name) order.push(name);
      },
    });
    await measureRounds([lane('a'), lane('b'), lane('c')], { ...effort, rounds: 3 }, silent);

    // The warm-up, and the three rounds.
    expect(order.join(' ')).toBe('a b c a b c b c a c a b');
  });

  it('goes on with the next token in the next slice', async () => {
    const seen: number[] = [];
    const lane: Lane = { name: 'a', expects: 'acceptance', call: (index) => seen.push(index) };
    await measureRounds([lane], effort, silent);

    // Once to see whether it answers at once, and once to be timed.
    expect(seen.filter((index) => index === 0)).toHaveLength(2);
    expect(new Set(seen).size).toBe(Math.max(...seen) + 1);
  });

  it.each([
    ['at once', () => Promise.resolve(1), (): unknown => 1],
    ['later', () => Promise.reject(new Error('no')), (): unknown => Promise.resolve(1)],
  ])('fails when what is to be refused is accepted %s', async (_, __, call) => {
    const lane: Lane = { name: 'lax', expects: 'refusal', call };

    await expect(measureRounds([lane], effort, silent)).rejects.toThrow(/lax accepted/);
  });
});
