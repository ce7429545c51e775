/** SARIF 2.1.0, which GitHub code scanning and most editors read. */
import type { Severity } from '../row.ts';
import { type AuditFinding, type AuditReport, failuresOf } from './report.ts';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

// GitHub sorts by this number: above 9.0 is critical, above 7.0 high, above 4.0 medium.
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};

/**
 * Writes a report as SARIF. Each row that was tried is a rule, and each failure a result.
 *
 * A server has no source file. The results name the URL as a logical location, and README.md as file,
 * because GitHub shows only results with a file.
 */
export function toSarif(report: AuditReport): string {
  const tried = report.findings.filter(({ outcome }) => outcome === 'pass' || outcome === 'fail');
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sallyport audit',
            informationUri: 'https://github.com/sallyport/sallyport',
            rules: tried.map(toRule),
          },
        },
        invocations: [{ executionSuccessful: true, endTimeUtc: report.at }],
        properties: { grade: report.grade, reason: report.reason, counts: report.counts },
        results: failuresOf(report).map((finding) => toResult(finding, report.url)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function toRule({ id, title, right, clause, requirement, severity, theme }: AuditFinding): object {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: `Right: ${right} (${clause}).` },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: ['security', theme, requirement],
      'security-severity': scores[severity],
    },
  };
}

function toResult(finding: AuditFinding, url: string): object {
  const { id, title, found, right, clause, severity, exchanges } = finding;
  return {
    ruleId: id,
    level: levels[severity],
    message: { text: `${title}. Found: ${found}. Right: ${right} (${clause}).` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: 'README.md' }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: url, kind: 'resource' }],
      },
    ],
    // The same failure of the same server is the same alert in the next run.
    partialFingerprints: { 'sallyportAudit/v1': `${id} ${url}` },
    properties: { exchanges },
  };
}
