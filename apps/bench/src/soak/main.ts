/** `pnpm soak`: reads the options, runs the load, and says what is wrong. */

import { renderTable } from '../report/markdown.ts';
import { createProgress } from '../report/progress.ts';
import { parseSoakOptions, soakHelp } from './options.ts';
import { runSoak } from './run-soak.ts';

const request = parseSoakOptions(process.argv.slice(2));

if (request.kind === 'help') {
  process.stdout.write(`${soakHelp}\n`);
} else if (request.kind === 'mistake') {
  process.stderr.write(`${request.message}\n\n${soakHelp}\n`);
  process.exitCode = 2;
} else {
  const progress = createProgress(process.stderr);
  try {
    const { checks, ...figures } = await runSoak(request.options, (what) => progress.show(what));
    progress.end();
    const isRight = checks.every((check) => check.isRight);
    const rows = checks.map(({ what, found, limit, isRight: right }) => [
      what,
      found,
      limit,
      right ? 'right' : 'WRONG',
    ]);
    const table = renderTable(['what', 'found', 'right', 'verdict'], rows);
    const text = request.options.json
      ? JSON.stringify({ isRight, ...figures, checks }, null, 2)
      : `${table}\n\n${figures.requests} requests in ${figures.seconds} seconds. ${isRight ? 'Everything is within its limits.' : 'Something is wrong.'}`;
    process.stdout.write(`${text}\n`);
    process.exitCode = isRight ? 0 : 1;
  } catch (error) {
    progress.end();
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 2;
  }
}
