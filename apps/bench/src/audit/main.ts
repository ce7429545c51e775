/** Audits the servers of the results page, and writes its table: `pnpm --dir apps/bench audit`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { auditServers } from './audit-servers.ts';
import { renderResults } from './render-results.ts';

const page = new URL('../../../docs/content/guide/audit-results.md', import.meta.url);
const results = await auditServers((name) => process.stderr.write(`${name}\n`));
const text = readFileSync(page, 'utf8');
writeFileSync(page, renderResults(text, results, new Date()));
