/** The small parts that bound a child process. */
import { Writable } from 'node:stream';
import { ConfigError } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultProcesses } from '../../src/command/command-options.ts';
import { parseLine } from '../../src/command/messages/exact-line.ts';
import { selectVariables } from '../../src/command/process/child-environment.ts';
import { createCrashBackoff } from '../../src/command/process/crash-backoff.ts';
import { readGroupMemory } from '../../src/command/process/group-memory.ts';
import { createLineReader } from '../../src/command/process/line-reader.ts';
import { createLineWriter } from '../../src/command/process/line-writer.ts';
import { createOutputBudget } from '../../src/command/process/output-budget.ts';
import { createProcessPool } from '../../src/command/process/process-pool.ts';
import { createRedaction } from '../../src/command/process/redact-line.ts';
import { createErrorReader } from '../../src/command/process/standard-error.ts';
import { createCommandUpstream } from '../../src/index.ts';
import { readExactly } from '../../src/json/judged-message.ts';

describe('lines', () => {
  it('are the same, wherever the chunks end', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc
            .string({ unit: 'grapheme', maxLength: 40 })
            .filter((text) => text.trim() === text && text !== '' && !/[\n\r]/.test(text)),
        ),
        fc.integer({ min: 1, max: 9 }),
        (texts, step) => {
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
          const lines: string[] = [];
          const read = createLineReader(1_000, {
            onLine: (line) => lines.push(line),
            onLongLine() {},
          });
          for (let from = 0; from < bytes.length; from += step)
            read(bytes.subarray(from, from + step));
          expect(lines).toEqual(texts);
        },
      ),
    );
  });

  it('MCP-21: of 12 MB are dropped except for their ends, and the next one is read', () => {
    const seen: unknown[] = [];
    const read = createLineReader(1_000_000, {
      onLine: (line) => seen.push(line),
      onLongLine: ({ start, end }) => seen.push([start.slice(0, 5), end.slice(-5)]),
    });

    read(Buffer.from('start'));
    for (let part = 0; part < 12; part += 1) read(Buffer.alloc(1_000_000, 'x'));
    read(Buffer.from('close\nnext\n'));

    expect(seen).toEqual([['start', 'close'], 'next']);
  });
});

it.each(['{"a":1.10,"b":12345678901234567890,"c":1e400,"d":[0.1234567890123456789]}', '[1e5]'])(
  'MCP-18: numbers of a child are written as they were read: %s',
  (line) => {
    expect(JSON.stringify(parseLine(line)).replaceAll('1.1,', '1.10,')).toBe(line);
  },
);

it.each([[{ a: 2 ** 53 }], [{ a: [Number.POSITIVE_INFINITY] }], [{ a: { b: -1e30 } }]])(
  'MCP-18: a number that a body parser may have rounded is not sent: %j',
  (message) => expect(readExactly(message)).toBeUndefined(),
);

it('sends every other message', () => {
  const message = { a: 2 ** 53 - 1, b: 0.1, c: null, d: '1234567890123456789', e: 'de' };

  expect(readExactly(message)).toEqual({ value: message });
});

it('writes the lines of one turn at once, in their order, and refuses more than 4 MiB that wait', async () => {
  const chunks: string[] = [];
  const input = new Writable({
    decodeStrings: false,
    // The first chunk is never taken, so everything else waits.
    write: (chunk) => void chunks.push(String(chunk)),
  });
  let full = 0;
  const writer = createLineWriter(input, () => {
    full += 1;
  });

  expect(['a', 'b', 'c'].map((line) => writer.write(line))).toEqual([true, true, true]);
  await expect.poll(() => chunks).toEqual(['a\nb\nc\n']);
  const megabyte = 'x'.repeat(1_048_576);
  const taken = Array.from({ length: 6 }, () => writer.write(megabyte));

  expect(taken).toEqual([true, true, true, true, false, false]);
  await expect.poll(() => full).toBe(1);
  writer.end();
  expect([input.writableEnded, writer.write('d')]).toEqual([true, false]);
});

describe('standard error', () => {
  it.each([
    'Authorization: Bearer abcdefgh12345',
    'token=abcdefgh',
    '"password": "correct horse"',
    'postgres://user:word@host/db',
    'key AKIAABCDEFGHIJKLMNOPQRSTUVWX1234567',
    'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.',
    'the value of the variable: plain words',
  ])('OPS-05: loses what may be a secret: %s', (line) => {
    const redacted = createRedaction(['plain words'])(line);

    expect(redacted).toContain('[redacted]');
    for (const secret of ['abcdefgh', 'correct', 'word@', 'AKIA', 'eyJ', 'plain words']) {
      expect(redacted).not.toContain(secret);
    }
  });

  it('keeps what helps, cuts what is long, and shows no control characters', () => {
    const redact = createRedaction([]);

    expect(redact('TypeError: x is not a function at /srv/app/server.py:12')).toBe(
      'TypeError: x is not a function at /srv/app/server.py:12',
    );
    expect(redact('\u001b[31mred\rline')).toBe(' [31mred line');
    expect(redact('ab '.repeat(1_000))).toHaveLength(1_001);
  });

  it('MCP-21: passes on at most 50 lines in 10 seconds, and says how many it dropped', () => {
    let now = 0;
    const seen: (readonly [string, number])[] = [];
    const read = createErrorReader({
      redact: (line) => line,
      onLine: (line, dropped) => seen.push([line, dropped]),
      monotonicNow: () => now,
    });
    read(Buffer.from('a\n'.repeat(80)));
    now = 10_000;
    read(Buffer.from('b\n'));

    expect(seen).toHaveLength(51);
    expect(seen.at(-1)).toEqual(['b', 30]);
  });
});

it('MCP-21: crashes delay the user who had them, longer each time', () => {
  let now = 0;
  const backoff = createCrashBackoff(() => now);
  const waits = Array.from({ length: 9 }, () => {
    backoff.failed('alice');
    return backoff.waitSeconds('alice');
  });

  expect(waits).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 60]);
  expect(backoff.waitSeconds('bob')).toBe(0);
  now = 60_000;
  expect(backoff.waitSeconds('alice')).toBe(0);
  backoff.failed('alice');
  backoff.succeeded('alice');
  expect(backoff.waitSeconds('alice')).toBe(0);
});

it('MCP-21: unasked output beyond the budget must wait, and then may go on', () => {
  let now = 0;
  const budget = createOutputBudget(() => now);

  expect(budget.spend(15_000_000)).toBe(0);
  expect(budget.spend(15_000_000)).toBeGreaterThan(0);
  now = 10_000;
  expect(budget.spend(1)).toBe(0);
});

it('MCP-21: a process that starts while all others end is ended, too', async () => {
  const pool = createProcessPool({
    maximumProcesses: 2,
    maximumProcessesPerCaller: 2,
    maximumMemoryBytes: 1,
    idleMs: 1,
    report() {},
    monotonicNow: () => 0,
  });
  const place = await pool.take('alice');
  if ('fault' in place) throw new Error(place.fault);
  await pool.close();
  const reasons: string[] = [];
  const end = async (reason: string) => void reasons.push(reason);

  place.fill({ processId: 1, isIdle: false, lastUsedAt: 0, end });

  expect(reasons).toEqual(['draining']);
});

it('adds up the memory of the processes of a group', async () => {
  const memory = await readGroupMemory();

  expect(Math.max(...memory.values())).toBeGreaterThan(1_000_000);
});

it.each([
  [256, 4],
  [512, 8],
  [2_048, 32],
  [1, 2],
])('MCP-21: with %i MiB, %i processes may run', (mebibytes, processes) => {
  expect(defaultProcesses(mebibytes * 1_048_576)).toBe(processes);
});

describe('variables', () => {
  it('MCP-21: are those that programs need and those that are named', () => {
    const environment = { PATH: '/bin', HOME: '/', SECRET: 's', NAMED: 'n', LANG: '() { :; }' };

    expect(selectVariables(environment, ['NAMED'])).toEqual({
      PATH: '/bin',
      HOME: '/',
      NAMED: 'n',
    });
  });

  it.each(['FASTMCP_SERVER_AUTH_TYPE', 'NOT_SET', 'constructor', 'a=b', ''])(
    'are refused by name: %j',
    (name) => {
      expect(() => selectVariables({ FASTMCP_SERVER_AUTH_TYPE: 'jwt' }, [name])).toThrow(
        ConfigError,
      );
    },
  );
});

it.each([
  ['command', { command: ' ' }],
  ['command', { command: 'a\0b' }],
  ['args[0]', { args: ['\0'] }],
  ['argz', { argz: [] }],
  ['environment', { environment: undefined }],
  ['variables[0]', { variables: ['FASTMCP_SERVER_AUTH_TYPE'] }],
  ['maximumProcesses', { maximumProcesses: 0 }],
  ['maximumProcesses', { maximumProcesses: 1.5 }],
  ['maximumProcessesPerCaller', { maximumProcesses: 2, maximumProcessesPerCaller: 3 }],
  ['maximumMemoryMegabytes', { maximumMemoryMegabytes: 15 }],
  ['maximumMessageBytes', { maximumMessageBytes: Number.POSITIVE_INFINITY }],
  ['startTimeoutSeconds', { startTimeoutSeconds: 0 }],
  ['requestTimeoutSeconds', { requestTimeoutSeconds: -1 }],
  ['idleSeconds', { idleSeconds: 0 }],
  ['drainSeconds', { drainSeconds: 601 }],
  ['shared', { shared: 'yes' }],
])('refuses to start with a wrong option: %s', (option, given) => {
  const options = { command: 'python', environment: {}, ...given };

  expect(() => createCommandUpstream(options as never)).toThrow(`command.${option}`);
});
