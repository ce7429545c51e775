import { toHtml } from './html.ts';
import { toJson } from './json.ts';
import type { AuditReport } from './report.ts';
import { toSarif } from './sarif.ts';
import { toText } from './text.ts';

/** The formats of a report. */
export const reportFormats: readonly ReportFormat[] = ['text', 'json', 'html', 'sarif'];

/** A format of a report. SARIF is what code scanning services read. */
export type ReportFormat = 'text' | 'json' | 'html' | 'sarif';

/**
 * Writes a report. Tokens are hidden, and everything from the server is escaped.
 *
 * @throws {TypeError} for an unknown format.
 */
export function writeReport(report: AuditReport, format: ReportFormat): string {
  switch (format) {
    case 'text':
      return toText(report);
    case 'json':
      return toJson(report);
    case 'html':
      return toHtml(report);
    case 'sarif':
      return toSarif(report);
    default:
      throw new TypeError(`format: must be one of ${reportFormats.join(', ')}`);
  }
}
