import type { AuditReport } from './report.ts';

/** Writes a report as JSON. Its members are those of {@link AuditReport}. */
export function toJson(report: AuditReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
