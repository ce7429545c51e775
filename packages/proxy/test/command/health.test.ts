import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type CommandUpstreamOptions, createCommandUpstream } from '../../src/index.ts';
import { begin, start, trialServer } from './set-up.ts';

describe('health says whether the command could be started', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'sallyport-'));
    mkdirSync(join(directory, 'folder'));
    writeFileSync(join(directory, 'program'), '#!/bin/sh\n');
    chmodSync(join(directory, 'program'), 0o755);
    return () => rmSync(directory, { recursive: true, force: true });
  });

  it.each<[string, (at: string) => Partial<CommandUpstreamOptions>, string | undefined]>([
    ['a name in PATH', (at) => ({ command: 'program', environment: { PATH: at } }), undefined],
    ['a name without PATH', () => ({ command: 'sh', environment: {} }), undefined],
    ['a path', (at) => ({ command: join(at, 'program') }), undefined],
    ['a path from the directory', (at) => ({ command: './program', directory: at }), undefined],
    ['a name elsewhere', () => ({ command: 'program' }), 'command_not_found'],
    ['a folder', (at) => ({ command: './folder', directory: at }), 'command_not_found'],
    [
      'a directory that is missing',
      (at) => ({ command: 'sh', directory: join(at, 'missing') }),
      'directory_missing',
    ],
    [
      'a directory that is a file',
      (at) => ({ command: 'sh', directory: join(at, 'program') }),
      'directory_missing',
    ],
  ])('%s', async (_name, optionsAt, reason) => {
    const options = { command: '', environment: process.env, ...optionsAt(directory) };
    const upstream = createCommandUpstream(options);
    onTestFinished(() => upstream.close());

    expect(await upstream.health()).toEqual(
      reason === undefined ? { isAvailable: true } : { isAvailable: false, reason },
    );
  });
});

it('a command is found without PATH, as health says', async () => {
  const script = `exec '${process.execPath}' '${trialServer}'`;
  const running = await start({ command: 'sh', args: ['-c', script], environment: {} });

  expect(await running.upstream.health()).toEqual({ isAvailable: true });
  expect(await (await begin(running)).use('echo', { text: 'a' })).toBe('a');
});
