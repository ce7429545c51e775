/** A Node that is too old: one sentence and status 78, whatever the command is. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
// This Node says that it is an older one, and lacks what that one lacks.
const older = `
import module, { syncBuiltinESMExports } from 'node:module';
delete module.enableCompileCache;
syncBuiltinESMExports();
const versions = { ...process.versions, node: '20.20.2' };
globalThis.process = Object.create(process, { versions: { value: versions } });`;

it.each([[[]], [['doctor', 'http://127.0.0.1:1/mcp']], [['dev', 'server.ts']]])(
  'CASE-48: %j is refused by a Node that is too old, in one sentence',
  (words) => {
    const preload = `data:text/javascript,${encodeURIComponent(older)}`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--conditions=development', '--no-warnings', '--import', preload, main, ...words],
      { encoding: 'utf8', env: {} },
    );

    expect(stderr).toBe('Sallyport needs Node 22.12 or later; this is 20.20.2.\n');
    expect(stdout).toBe('');
    expect(status).toBe(78);
  },
);
