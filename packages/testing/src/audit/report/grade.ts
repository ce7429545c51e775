import type { Severity } from '../row.ts';
import type { AuditFinding, Grade } from './report.ts';

const grades: Readonly<Record<Severity, Grade>> = {
  critical: 'F',
  high: 'D',
  medium: 'C',
  low: 'B',
};

/**
 * The worst failure decides: critical is F, high is D, medium is C, low is B. Without a failure it is A, or B if
 * rows about tokens were left out, because nobody tried them.
 */
export function gradeOf(
  findings: readonly Pick<AuditFinding, 'id' | 'outcome' | 'severity' | 'theme'>[],
): { readonly grade: Grade; readonly reason: string } {
  const failed = findings.filter(({ outcome }) => outcome === 'fail');
  for (const severity of ['critical', 'high', 'medium', 'low'] as const) {
    const of = failed.filter((each) => each.severity === severity);
    const [first] = of;
    if (first !== undefined) {
      return { grade: grades[severity], reason: `${of.length} ${severity}, such as ${first.id}` };
    }
  }
  const untried = findings.filter(
    ({ outcome, theme }) => outcome === 'left-out' && tokenThemes.has(theme),
  );
  return untried.length === 0
    ? { grade: 'A', reason: 'no failure' }
    : { grade: 'B', reason: `no failure, but ${untried.length} rows about tokens were left out` };
}

const tokenThemes: ReadonlySet<string> = new Set([
  ...['control', 'token-form', 'algorithm', 'key-id', 'claims', 'audience', 'expiry'],
  ...['credentials', 'duplicate-fields', 'scopes', 'sessions'],
]);
