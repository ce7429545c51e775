import { audit } from './audit.ts';
import type { AuditOptions } from './options.ts';
import { type AuditReport, failuresOf } from './report/report.ts';

/**
 * Audits a server, and throws if any row fails. A row that was left out or is not offered is no failure.
 *
 * @example
 * ```ts
 * await assertHardened('http://localhost:8000/mcp', { issuer: authorizationServer });
 * ```
 * @throws {Error} with every row that failed: what was sent, what came back, and what is right.
 */
export async function assertHardened(
  url: string | URL,
  options: AuditOptions = {},
): Promise<AuditReport> {
  const report = await audit(url, options);
  const failures = failuresOf(report);
  if (failures.length === 0) return report;
  const lines = failures.map(
    ({ id, severity, title, found, right, clause, requirement }) =>
      `${id} (${severity}): ${title}\n    found: ${found}\n    right: ${right} (${clause}; ${requirement})`,
  );
  throw new Error(`${report.url} has grade ${report.grade}\n  ${lines.join('\n  ')}`);
}
