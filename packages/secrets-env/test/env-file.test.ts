import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readEnvFile } from '../src/env-file.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'env-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it.each<[string, (folder: string) => string]>([
  ['a folder', (folder) => folder],
  ['a device', () => '/dev/null'],
  [
    'a pipe',
    (folder) => {
      const path = join(folder, 'pipe');
      spawnSync('mkfifo', [path]);
      return path;
    },
  ],
  [
    'a file of more than 1 MiB',
    (folder) => {
      const path = join(folder, '.env');
      writeFileSync(path, '');
      truncateSync(path, 1_048_577);
      return path;
    },
  ],
])('CASE-64: refuses %s at once', (_kind, make) => {
  const path = make(makeFolder());

  expect(() => readEnvFile(path)).toThrow(
    expect.objectContaining({
      name: 'ConfigError',
      option: 'env.envFile',
      problem: `${path} must be a regular file of at most 1 MiB`,
    }),
  );
});

it('takes a file that is not there for one without variables', () => {
  expect(readEnvFile(join(makeFolder(), '.env'))).toEqual({});
});
