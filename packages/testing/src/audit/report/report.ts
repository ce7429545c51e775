/** What an audit found. */
import type { AuditRow, Need, Severity, Theme, Verdict } from '../row.ts';

/** One exchange with the server. Tokens are hidden. */
export interface RecordedExchange {
  /** The head of the request and the beginning of its body. */
  readonly sent: string;
  /** The status line, the header fields and the beginning of the body. */
  readonly received: string;
}

/** The result of one row. */
export interface AuditFinding
  extends Pick<AuditRow, 'id' | 'theme' | 'title' | 'requirement' | 'clause' | 'right'> {
  readonly outcome: Exclude<Verdict['outcome'], 'limited'>;
  readonly severity: Severity;
  /** What was found, or why the row was not tried. */
  readonly found: string;
  /** The last exchanges of the row. Empty unless it failed. */
  readonly exchanges: readonly RecordedExchange[];
}

/** A school grade. A is best. */
export type Grade = 'A' | 'B' | 'C' | 'D' | 'F';

/** What an audit found. */
export interface AuditReport {
  readonly url: string;
  /** When the audit ended, in ISO 8601. */
  readonly at: string;
  readonly seconds: number;
  readonly grade: Grade;
  /** Why the grade is what it is, in one sentence. */
  readonly reason: string;
  readonly counts: Readonly<Record<AuditFinding['outcome'], number>>;
  /** What would have let the audit try more, with the number of rows. */
  readonly missing: readonly { readonly what: string; readonly rows: number }[];
  readonly findings: readonly AuditFinding[];
}

/** What gives a need, for the person who audits. */
export const gives: Readonly<Record<Need, string>> = {
  access: 'a token (or isPublic, if the server has no access control on purpose)',
  token: 'a valid token',
  jwt: 'a token that is a JWT',
  mint: 'a test issuer that the server trusts, or its key',
  key: 'the key of a test issuer that the server trusts',
  'write-tool': 'the name of a tool that writes',
  slow: 'time for slow connections',
  http2: 'HTTP/2',
};

/** The rows that failed, the worst first. */
export function failuresOf({ findings }: Pick<AuditReport, 'findings'>): readonly AuditFinding[] {
  const order: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
  return findings
    .filter(({ outcome }) => outcome === 'fail')
    .toSorted((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
}

/** The themes of the findings, in order. */
export function themesOf({ findings }: Pick<AuditReport, 'findings'>): readonly Theme[] {
  return [...new Set(findings.map(({ theme }) => theme))];
}
