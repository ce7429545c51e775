/** `sallyport audit`: attacks and faults for any MCP server, with a grade. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AuditReport, ReportFormat } from '@sallyport/testing/audit';
import { exitCode } from '../exit-code.ts';
import { loadAudit } from '../load-testing.ts';
import type { Surroundings } from '../surroundings.ts';
import { writeNext } from '../terminal/next.ts';
import { withProgress } from '../terminal/progress.ts';
import { createTerminal, type Terminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { type AuditWords, readAuditOptions } from './audit-options.ts';

/** @returns The exit code: 1 if a row failed, or the server does not answer. */
export async function audit(
  url: string,
  words: AuditWords,
  surroundings: Surroundings,
): Promise<number> {
  const { errors, folder, output } = surroundings;
  const { audit: run, reportFormats, writeReport } = await loadAudit();
  const format = (words.json ? 'json' : (words.format ?? 'text')) as ReportFormat;
  if (!reportFormats.includes(format)) {
    throw new UsageError(`--format takes one of ${reportFormats.join(', ')}.`);
  }
  const options = await readAuditOptions(words, surroundings);
  if (isElsewhere(url)) errors.write(`${warning}\n`);
  let report: AuditReport;
  try {
    report = await withProgress(surroundings, 'Sending attacks and faults', () =>
      run(url, options),
    );
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    errors.write(`${(error as Error).message}. Start the server, then run this again.\n`);
    return exitCode.broken;
  }
  const text = writeReport(report, format);
  if (words.output !== undefined) write(resolve(folder, words.output), text);
  else if (format !== 'text') output.write(text);
  const terminal = createTerminal(output, surroundings.variables);
  if (format === 'text' && words.output === undefined) writeLines(terminal, text);
  if (format === 'text' || words.output !== undefined) writeEnd(terminal, report, words);
  return report.counts.fail === 0 ? exitCode.done : exitCode.broken;
}

const warning =
  'The audit sends about 500 hostile requests, 20 each second. Audit only servers that you are responsible for. It calls no tool, except the one that --write-tool names.';

function isElsewhere(url: string): boolean {
  const hostname = URL.parse(url)?.hostname ?? 'localhost';
  return !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as { code?: string }).code}`);
  }
}

const tones = [
  [/^Grade [AB]/, 'good'],
  [/^Grade [CDF]|FAILED|^\S+ {2}(?:critical|high)/, 'bad'],
  [/^\S+ {2}(?:medium|low)/, 'careful'],
] as const;

function writeLines(terminal: Terminal, text: string): void {
  for (const line of text.trimEnd().split('\n')) {
    const tone = tones.find(([pattern]) => pattern.test(line))?.[1] ?? 'plain';
    terminal.line(line === '' ? '' : `  ${terminal.paint(tone, line)}`);
  }
}

function writeEnd(terminal: Terminal, report: AuditReport, { output }: AuditWords): void {
  const { counts, grade, reason } = report;
  if (output !== undefined) {
    terminal.line();
    terminal.pair('Grade', `${grade}: ${reason}`, { tone: counts.fail === 0 ? 'good' : 'bad' });
    terminal.pair('Report', output);
  }
  writeNext(terminal, nextStep(report));
}

function nextStep({ counts, missing }: AuditReport): string {
  if (counts.fail > 0) return 'repair the worst failure, then run this command again';
  const isMissing = (what: string) => missing.some((each) => each.what.includes(what));
  if (isMissing('token') || isMissing('key')) {
    return 'give --issuer-key and --issuer of a test issuer that the server trusts, or pipe a token with --token';
  }
  return 'run this in CI: the exit code is 1 if a row fails, and --format sarif is for code scanning';
}
