/** Writes the table of the results page. */
import { readFileSync } from 'node:fs';
import { renderTable } from '../report/markdown.ts';
import type { AuditedResult } from './audit-servers.ts';

const begin = '<!-- results -->';
const end = '<!-- end of results -->';

/** Replaces the text between the two marks of the page. */
export function renderResults(page: string, results: readonly AuditedResult[], now: Date): string {
  const before = page.slice(0, page.indexOf(begin) + begin.length);
  const after = page.slice(page.indexOf(end));
  const date = now.toISOString().slice(0, 10);
  return `${before}\n\nOn ${date}, with Node.js ${process.versions.node}:\n\n${table(results)}\n\n${after}`;
}

function table(results: readonly AuditedResult[]): string {
  return renderTable(
    ['server', 'grade', 'passed', 'failed', 'worst failures', 'not offered'],
    results.map(({ server, report }) => [
      [server.name, ...server.packages.map((name) => `${name} ${versionOf(name)}`)].join('<br>'),
      report.grade,
      `${report.counts.pass}`,
      `${report.counts.fail}`,
      worst(report),
      `${report.counts['not-offered']}`,
    ]),
  );
}

/** The themes of the most severe failures, with their numbers. */
function worst({ findings, grade }: AuditedResult['report']): string {
  if (grade === 'A') return '';
  const failed = findings.filter(({ outcome }) => outcome === 'fail');
  const severity = (['critical', 'high', 'medium', 'low'] as const).find((each) =>
    failed.some((finding) => finding.severity === each),
  );
  const themes = Map.groupBy(
    failed.filter((finding) => finding.severity === severity),
    ({ theme }) => theme,
  );
  const counts = [...themes].map(([theme, of]) => `${theme} ${of.length}`);
  return `${severity}: ${counts.join(', ')}`;
}

function versionOf(name: string): string {
  const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}
