/** `pnpm mutation`. */
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments, usage, type Wish } from './arguments.ts';
import { copyRepository } from './copy-repository.ts';
import { scoreFiles, scoreOf, writeScores } from './mutation-report.ts';
import { runGroup } from './run-group.ts';

const exitUsage = 2;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const results = join(root, 'node_modules/.cache/mutation');

const asked = readArguments(process.argv.slice(2));
if ('help' in asked) process.stdout.write(usage);
else if ('problem' in asked) {
  process.stderr.write(`${asked.problem}\n`);
  process.exitCode = exitUsage;
} else process.exitCode = await run(asked);

async function run(wish: Wish): Promise<number> {
  let child: ChildProcess | undefined;
  let isStopped = false;
  // Stryker writes its results and ends. A second signal would end it at once, so it gets this one only.
  const stop = () => {
    isStopped = true;
    child?.kill('SIGINT');
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const copy = copyRepository(root);
  const tables: string[] = [];
  let isEnough = true;
  try {
    for (const group of wish.groups) {
      if (isStopped) break;
      process.stdout.write(`\n${group.name}: ${group.folder}\n`);
      const report = await runGroup(group, wish, {
        copy,
        results,
        onStart: (started) => {
          child = started;
        },
      });
      if (report === undefined) return 1;
      const files = scoreFiles(report, wish.sample);
      const { minimumScore = 0 } = wish.sample ? {} : group;
      if (scoreOf(files) < minimumScore) isEnough = false;
      tables.push(writeScores(group.name, files));
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  process.stdout.write(`\n${tables.join('')}`);
  return isEnough && !isStopped ? 0 : 1;
}
