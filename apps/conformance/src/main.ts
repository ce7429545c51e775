/** Prints what the suite says of the same server: without the gate, behind it, as its upstream and as its command. */
import { compare, countPassed, listVerdicts } from './comparison.ts';
import { type Revision, revisions } from './start-servers.ts';

const lines = [
  '| revision | arrangement | checks | passed bare | passed behind the gate | the same |',
  '| --- | --- | --- | --- | --- | --- |',
];
let isSame = true;
const arrangements = ['gated', 'proxied', 'launched'] as const;
const runs = (Object.keys(revisions) as Revision[]).flatMap((revision) =>
  arrangements.map((arrangement) => [revision, arrangement] as const),
);
for (const [revision, arrangement] of runs) {
  process.stderr.write(`${revision}, ${arrangement}: the suite runs twice, about 15 seconds\n`);
  const { bare, gated } = await compare(revision, arrangement);
  const [without, behind] = [listVerdicts(bare), listVerdicts(gated)];
  const differences = [
    ...without.filter((verdict) => !behind.includes(verdict)).map((verdict) => `bare   ${verdict}`),
    ...behind
      .filter((verdict) => !without.includes(verdict))
      .map((verdict) => `${arrangement}  ${verdict}`),
  ];
  isSame &&= differences.length === 0;
  for (const difference of differences) process.stderr.write(`${difference}\n`);
  const cells = [
    revision,
    arrangement,
    bare.length,
    countPassed(bare),
    countPassed(gated),
    differences.length === 0 ? 'yes' : 'no',
  ];
  lines.push(`| ${cells.join(' | ')} |`);
}
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = isSame ? 0 : 1;
