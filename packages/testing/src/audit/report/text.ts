import { type AuditFinding, type AuditReport, failuresOf, themesOf } from './report.ts';

/** Writes a report as plain text, with what was sent and what came back for each failure. */
export function toText(report: AuditReport): string {
  const { url, at, seconds, grade, reason, counts, missing } = report;
  const failures = failuresOf(report);
  return [
    `Audit of ${url}`,
    `${at}, ${report.findings.length} rows in ${seconds} seconds`,
    '',
    `Grade ${grade}: ${reason}`,
    `${counts.pass} passed, ${counts.fail} failed, ${counts['left-out']} left out, ${counts['not-offered']} not offered`,
    '',
    ...themesOf(report).map((theme) => themeLine(theme, report)),
    ...failures.flatMap(failureLines),
    ...(missing.length === 0 ? [] : ['', 'Left out:']),
    ...missing.map(({ what, rows }) => `  ${rows} ${rows === 1 ? 'row' : 'rows'}: ${what}`),
    '',
  ].join('\n');
}

function themeLine(theme: AuditFinding['theme'], { findings }: AuditReport): string {
  const of = findings.filter((finding) => finding.theme === theme);
  const count = (outcome: AuditFinding['outcome']) =>
    of.filter((finding) => finding.outcome === outcome).length;
  const parts = [`${count('pass')} passed`];
  if (count('fail') > 0) parts.push(`${count('fail')} FAILED`);
  if (count('left-out') > 0) parts.push(`${count('left-out')} left out`);
  if (count('not-offered') > 0) parts.push(`${count('not-offered')} not offered`);
  return `  ${theme.padEnd(18)}${parts.join(', ')}`;
}

function failureLines(finding: AuditFinding): readonly string[] {
  const { id, severity, title, found, right, clause, requirement, exchanges } = finding;
  const last = exchanges.at(-1);
  return [
    '',
    `${id}  ${severity}: ${title}`,
    `  found   ${found}`,
    `  right   ${right}`,
    `  why     ${clause} (${requirement})`,
    ...(last === undefined ? [] : [...quote('sent', last.sent), ...quote('got', last.received)]),
  ];
}

const mostLines = 12;

function quote(name: string, text: string): readonly string[] {
  const lines = text.split('\n');
  const shown = lines.length > mostLines ? [...lines.slice(0, mostLines), '...'] : lines;
  return shown.map((line, index) => `  ${(index === 0 ? name : '').padEnd(8)}${line}`.trimEnd());
}
