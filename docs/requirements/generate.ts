/** Writes `docs/requirements.md` anew, and says what is wrong with the requirements. */
import { writeFileSync } from 'node:fs';
import { countStates, writePage } from './page.ts';
import { findProblems, findTests, readGroups } from './requirements.ts';

const groups = readGroups();
const tests = findTests(groups);
const problems = findProblems(groups, tests);

writeFileSync(new URL('../requirements.md', import.meta.url), writePage(groups, tests));
process.stdout.write(`docs/requirements.md: ${JSON.stringify(countStates(groups, tests))}\n`);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
