/** What may stand in the place of a mounted file. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

/** What an event says of each. */
const faults: Readonly<Record<string, string>> = {
  'no file': 'not_found',
  'an empty file': 'empty',
  'white space': 'empty',
  'bytes that are no UTF-8': 'not_text',
  'UTF-16': 'not_text',
  'a file of 65,537 bytes': 'too_long',
  'a file of 10 GB': 'too_long',
  'a file that this user may not read': 'access_denied',
  'a directory': 'no_file',
  'a FIFO': 'no_file',
  'a link to a FIFO': 'no_file',
  'a socket': 'no_file',
  'a link to itself': 'unreadable',
  'a link to nothing': 'not_found',
  'a link out of the directory': 'outside',
  'a link to a device without an end': 'outside',
  'a link to a terminal': 'outside',
  'a link to standard input': 'outside',
  'a link to memory': 'outside',
  'a link to the environment': 'outside',
  'a link to the directory': 'outside',
};

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
  expect(outcomes).toEqual(
    Object.fromEntries(
      Object.entries(faults).map(([name, why]) => [
        name,
        {
          first: why === 'not_found' ? 'absent' : 'upstream_unavailable',
          recovered: 'the-first-secret',
          // A secret that was read stays in force, whatever takes the place of its file.
          kept: 'the-first-secret',
          why,
          recoveredAgain: 'the-second-secret',
        },
      ]),
    ),
  );
});
