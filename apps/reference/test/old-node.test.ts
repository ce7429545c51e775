/** A Node that is too old: one line and status 78, before anything else is loaded. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

// This Node says that it is an older one.
const older =
  'globalThis.process = Object.create(process, { versions: { value: { ...process.versions, node: "20.20.2" } } });';
const sentence = 'Sallyport needs Node 22.12 or later; this is 20.20.2.';

function start(file: string) {
  const path = fileURLToPath(new URL(`../src/${file}`, import.meta.url));
  return spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', `data:text/javascript,${older}`, path],
    { encoding: 'utf8', env: {} },
  );
}

it('CASE-48: the container ends with one line of JSON', () => {
  const { status, stdout, stderr } = start('main.ts');

  expect(status).toBe(78);
  expect(stdout).toBe('');
  expect(
    stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    expect.objectContaining({
      severity: 'ERROR',
      event: 'start_failed',
      message: `The server did not start. ${sentence}`,
    }),
  ]);
});

it('CASE-48: at your own machine it ends with one sentence', () => {
  const { status, stderr } = start('start.ts');

  expect(status).toBe(78);
  expect(stderr).toBe(`The server did not start.\n  ${sentence}\n`);
});
