export { assertHardened } from './audit/assert-hardened.ts';
export { audit } from './audit/audit.ts';
export type { AuditKey, AuditOptions, TokenIssuer, WriteTool } from './audit/options.ts';
export type { AuditFinding, AuditReport, Grade, RecordedExchange } from './audit/report/report.ts';
export type { ReportFormat } from './audit/report/write-report.ts';
export { reportFormats, writeReport } from './audit/report/write-report.ts';
export type { Severity, Theme } from './audit/row.ts';
export { themes } from './audit/row.ts';
