/**
 * Runs published test vectors through the verifier: `pnpm judges wycheproof <folder>` and
 * `pnpm judges cookbook <folder>`. It fetches nothing: the folder is a clone of the publisher's repository.
 */
import { readCookbook } from './cookbook.ts';
import { writeJudgement } from './report.ts';
import { judge } from './vector.ts';
import { readWycheproof } from './wycheproof.ts';

const readers: Readonly<Record<string, typeof readWycheproof>> = {
  wycheproof: readWycheproof,
  cookbook: readCookbook,
};
const [, , publisher = '', folder] = process.argv;
const read = readers[publisher];
if (read === undefined || folder === undefined) {
  process.stderr.write('usage: pnpm judges wycheproof|cookbook <folder>\n');
  process.exit(2);
}
const judgement = await judge(read(folder));
process.stdout.write(writeJudgement(judgement));
const isEmpty = judgement.tallies.length === 0;
if (isEmpty) process.stderr.write(`${folder} holds no vectors of ${publisher}\n`);
process.exitCode = isEmpty || judgement.wrong.length > 0 ? 1 : 0;
