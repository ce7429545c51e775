import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { auditServers } from '../src/audit/audit-servers.ts';

const page = readFileSync(
  new URL('../../docs/content/guide/audit-results.md', import.meta.url),
  'utf8',
);

/** Name and grade of each row of the page. */
const published = [...page.matchAll(/^\| ([^<|]+?)(?:<br>[^|]*)? +\| +([A-F]) \|/gm)].map(
  ([, name, grade]) => [name, grade],
);

it('gives each server the grade that the page says', async () => {
  const results = await auditServers();

  expect(results.map(({ server, report }) => [server.name, report.grade])).toEqual(published);
});
