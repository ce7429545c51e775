/** Programs that receive signals, or whose output loses its reader. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectRaw, get } from '@sallyport/test-parts/raw-client';
import { expect, it, onTestFinished } from 'vitest';

const entry = fileURLToPath(new URL('program.ts', import.meta.url));

async function start(way: 'serves' | 'waits' | 'fails' | 'loads') {
  const child = spawn(process.execPath, ['--conditions=development', '--no-warnings', entry, way], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const events = () =>
    output
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { readonly type: string; readonly port?: number });
  return {
    child,
    exit,
    events,
    async until(type: string) {
      for (;;) {
        const found = events().find((event) => event.type === type);
        if (found !== undefined) return found;
        const ended = await Promise.race([exit.then(() => true), once(child.stdout, 'data')]);
        if (ended === true) throw new Error(`it ended: ${output}`);
      }
    },
  };
}

/** A program with a request under way. */
async function startWithRequest(request: string) {
  const program = await start('serves');
  const { port = 0 } = await program.until('listening');
  const client = await connectRaw(port);
  client.write(request);
  await program.until('requested');
  return { ...program, client, port };
}

it('CASE-25: reports the events of its life, and ends with 0 after SIGTERM', async () => {
  const { child, exit, events, until } = await start('serves');
  const { port } = await until('listening');
  child.kill('SIGTERM');

  expect(await exit).toBe(0);
  expect(events()).toEqual([
    { type: 'starting' },
    { type: 'report' },
    { type: 'listening', resource: `http://127.0.0.1:${port}/`, host: '127.0.0.1', port },
    { type: 'stopping', signal: 'SIGTERM' },
    { type: 'stopped' },
  ]);
});

it('CASE-20: a signal during the start ends the program with 0', async () => {
  const { child, exit, events, until } = await start('waits');
  await until('starting');
  child.kill('SIGINT');

  expect(await exit).toBe(0);
  expect(events()).toEqual([{ type: 'starting' }, { type: 'stopped' }]);
});

it.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('CASE-25: cuts the requests under way after another %s', async (signal, code) => {
  const { child, exit, client } = await startWithRequest(get('/slow'));
  // On a busy machine two signals may arrive together. They then count as one.
  while (child.exitCode === null) {
    child.kill(signal);
    await Promise.race([exit, sleep(600)]);
  }

  expect(await exit).toBe(code);
  expect(await client.closed).toBe('');
});

it('CASE-25: takes two signals at once for one, as Ctrl+C under a package manager', async () => {
  const { child, exit, client, until } = await startWithRequest(
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n',
  );
  child.kill('SIGINT');
  child.kill('SIGTERM');
  child.kill('SIGINT');
  await until('stopping');
  client.write('a');

  expect(await client.closed).toContain('served');
  expect(await exit).toBe(0);
});

it('CASE-20: a start that fails reports its problem, and a later signal keeps its exit code', async () => {
  const { child, exit, until } = await start('fails');
  const failed = await until('start_failed');
  child.kill('SIGTERM');

  expect(failed).toEqual({
    type: 'start_failed',
    variable: 'PORT',
    problem: 'must be a whole number',
  });
  expect(await exit).toBe(78);
});

it('ends with 141 when its log has no reader any more', async () => {
  const { child, exit, port } = await startWithRequest(get('/'));
  child.stdout.destroy();
  const other = await connectRaw(port);
  other.write(get('/'));

  expect(await exit).toBe(141);
});

it.each([
  ['SIGTERM', 0],
  ['a closed output', 141],
] as const)('CASE-20: %s ends a program that still loads', async (end, code) => {
  const { child, exit, until } = await start('loads');
  await until('loading');
  if (end === 'SIGTERM') child.kill(end);
  else child.stdout.destroy();

  expect(await exit).toBe(code);
});
