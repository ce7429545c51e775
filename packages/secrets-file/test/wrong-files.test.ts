/** What may stand in the place of a mounted file. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

it('CASE-64, CASE-65: no file in the place of a secret ends the process, hangs, or is a secret', async () => {
  const child = fork(new URL('./wrong-files-run.ts', import.meta.url), [], {
    execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text) => {
      output += text;
    });
  }
  const exited = once(child, 'exit');
  const [outcomes] = await Promise.race([once(child, 'message'), exited.then(() => [{}])]);

  expect([output, await exited]).toEqual(['', [0, null]]);
  const { 'no file': missing, 'a link to nothing': dangling, ...others } = outcomes;
  const after = {
    recovered: 'the-first-secret',
    // A secret that was read stays in force, whatever takes the place of its file.
    kept: 'the-first-secret',
    recoveredAgain: 'the-second-secret',
  };
  const absent = { first: 'absent', ...after };
  expect([missing, dangling]).toEqual([absent, absent]);
  const names = Object.keys(others);
  expect(names.length).toBeGreaterThan(15);
  const refused = { first: 'upstream_unavailable', ...after };
  expect(others).toEqual(Object.fromEntries(names.map((name) => [name, refused])));
});
