import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', timeout: 20_000 });
}

describe('the command', () => {
  it('explains itself, with the names of all groups', () => {
    const { status, stdout } = run('--help');

    expect(status).toBe(0);
    for (const name of ['cold-verify', 'hot-verify', 'refusals', 'memory']) {
      expect(stdout).toContain(name);
    }
  });

  it('measures nothing when it does not know an option', () => {
    const { status, stdout, stderr } = run('--quik');

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('--quik');
  });
});
