import { describe, expect, it } from 'vitest';
import { idlestCore, parseAllowedCores } from '../src/rounds/cores.ts';

describe('parseAllowedCores', () => {
  it.each([
    ['0', [0]],
    ['0-3', [0, 1, 2, 3]],
    ['1,4-5,9', [1, 4, 5, 9]],
  ])('reads %s', (list, cores) => {
    const status = `Name:\tnode\nCpus_allowed:\tf\nCpus_allowed_list:\t${list}\nMems_allowed:\t1\n`;

    expect(parseAllowedCores(status)).toEqual(cores);
  });

  it.each(['', 'Cpus_allowed_list:\tall\n'])('finds none where none are named', (status) => {
    expect(parseAllowedCores(status)).toEqual([]);
  });
});

describe('idlestCore', () => {
  const idle = (...times: readonly number[]) =>
    times.map((time) => ({ times: { user: 0, nice: 0, sys: 0, idle: time, irq: 0 } }));

  it('takes the core that was idle for longest since, and not ever', () => {
    expect(idlestCore([0, 1, 2], idle(900, 0, 0), idle(910, 40, 20))).toBe(1);
  });

  it('takes none that this process may not run on', () => {
    expect(idlestCore([0, 2], idle(0, 0, 0), idle(10, 40, 20))).toBe(2);
  });

  it('takes none where there are none', () => {
    expect(idlestCore([], idle(0), idle(1))).toBeUndefined();
  });
});
