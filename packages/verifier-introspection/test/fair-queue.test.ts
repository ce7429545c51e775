import { expect, it } from 'vitest';
import { createFairQueue } from '../src/questions/fair-queue.ts';

interface Item {
  readonly account: string;
  readonly count: number;
}

const item = (account: string, count: number): Item => ({ account, count });

it('CASE-60: takes the room for a client from the client that has the most', () => {
  const queue = createFairQueue<string, Item>(4);
  const flood = [0, 1, 2, 3].map((count) => item('flood', count));
  expect(flood.map((one) => queue.add(one, 10))).toEqual(Array(4).fill(undefined));

  expect(queue.add(item('honest', 0), 10)).toBe(flood[3]);
  expect(queue.add(item('honest', 1), 10)).toBe(flood[2]);
  const another = item('honest', 2);
  expect(queue.add(another, 10)).toBe(another);
  expect(queue.clear()).toHaveLength(4);
});

it('CASE-60: gives a client no more places than its own', () => {
  const queue = createFairQueue<string, Item>(100);
  const [first, second] = [item('a', 0), item('a', 1)];

  expect([queue.add(first, 1), queue.add(second, 1)]).toEqual([undefined, second]);
  queue.remove(first);
  queue.remove(first);
  expect(queue.add(second, 1)).toBeUndefined();
});

it('CASE-60: serves clients in turn, and each in the order of its items', () => {
  const queue = createFairQueue<string, Item>(100);
  for (let count = 0; count < 4; count += 1) queue.add(item('flood', count), 100);
  for (const account of ['b', 'c']) queue.add(item(account, 0), 100);
  const served: string[] = [];
  queue.serveInTurn(([first]) => {
    if (first === undefined || served.length === 5) return false;
    queue.remove(first);
    served.push(`${first.account}${first.count}`);
    return true;
  });

  expect(served).toEqual(['flood0', 'b0', 'c0', 'flood1', 'flood2']);
  expect(queue.clear()).toEqual([item('flood', 3)]);
});
