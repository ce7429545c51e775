/** Writes what came of a set, as Markdown. */
import type { Judgement, Tally } from './vector.ts';

export function writeJudgement({ tallies, stricterRules, leftOut, wrong }: Judgement): string {
  const sum = (name: Exclude<keyof Tally, 'group'>) =>
    tallies.reduce((total, tally) => total + tally[name], 0);
  const all: Tally = {
    group: 'all',
    accepted: sum('accepted'),
    refused: sum('refused'),
    stricter: sum('stricter'),
    either: sum('either'),
    wrong: sum('wrong'),
  };
  return [
    '| vectors | accepted, as published | refused, as published | refused by a stricter rule | either is right | wrong |',
    '| --- | --: | --: | --: | --: | --: |',
    ...[...tallies, all].map(
      ({ group, accepted, refused, stricter, either, wrong: failed }) =>
        `| ${[group, accepted, refused, stricter, either, failed].join(' | ')} |`,
    ),
    ...list('Refused by a stricter rule:', stricterRules),
    ...list('Left out:', leftOut),
    ...(wrong.length === 0 ? [] : ['', 'Wrong:', '', ...wrong.map((name) => `- ${name}`)]),
    '',
  ].join('\n');
}

function list(title: string, counts: ReadonlyMap<string, number>): readonly string[] {
  if (counts.size === 0) return [];
  const sorted = [...counts].toSorted(([, one], [, other]) => other - one);
  return ['', title, '', ...sorted.map(([name, count]) => `- ${count}: ${name}`)];
}
