/** Measures, prints and writes. Started by `main.ts`, which pins it, with its task as JSON. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Section } from './groups/group.ts';
import { groups } from './groups/groups.ts';
import { effortOf, isWhole, type Options } from './options.ts';
import { createProgress } from './report/progress.ts';
import { renderReport } from './report/report.ts';
import { readVersions } from './report/versions.ts';

const task: Options & { readonly core: number | null } = JSON.parse(process.argv[2] ?? '');
const effort = effortOf(task);
const progress = createProgress(process.stderr);
const results = new URL('../results/', import.meta.url);

const sections: Section[] = [];
for (const { name, run } of groups.filter((group) => task.only.includes(group.name))) {
  sections.push(await run(effort, (what) => progress.show(`${name}: ${what}`)));
}
progress.end();

const report = renderReport(sections, {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  core: task.core ?? undefined,
  effort,
  versions: readVersions(),
});
process.stdout.write(report);

const whole = isWhole(
  task,
  groups.map(({ name }) => name),
);
if (whole) {
  mkdirSync(results, { recursive: true });
  writeFileSync(new URL('README.md', results), report);
  for (const [file, drawing] of sections.flatMap(({ charts }) => Object.entries(charts ?? {}))) {
    writeFileSync(new URL(file, results), drawing);
  }
  process.stderr.write('Written to apps/bench/results.\n');
} else {
  process.stderr.write('Not a whole run: apps/bench/results is left as it is.\n');
}
