/** Prints what the suite says of the same server, without the gate and behind it. */
import { compare, countPassed, listVerdicts } from './comparison.ts';
import { type Revision, revisions } from './start-servers.ts';

const lines = [
  '| revision | checks | passed bare | passed gated | the same |',
  '| --- | --- | --- | --- | --- |',
];
let isSame = true;
for (const revision of Object.keys(revisions) as Revision[]) {
  process.stderr.write(`${revision}: the suite runs twice, about 15 seconds\n`);
  const { bare, gated } = await compare(revision);
  const [without, behind] = [listVerdicts(bare), listVerdicts(gated)];
  const differences = [
    ...without.filter((verdict) => !behind.includes(verdict)).map((verdict) => `bare   ${verdict}`),
    ...behind.filter((verdict) => !without.includes(verdict)).map((verdict) => `gated  ${verdict}`),
  ];
  isSame &&= differences.length === 0;
  for (const difference of differences) process.stderr.write(`${difference}\n`);
  const cells = [
    revision,
    bare.length,
    countPassed(bare),
    countPassed(gated),
    differences.length === 0 ? 'yes' : 'no',
  ];
  lines.push(`| ${cells.join(' | ')} |`);
}
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = isSame ? 0 : 1;
