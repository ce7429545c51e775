/** Reads Stryker's report of one group. */
import type { Sample } from './arguments.ts';
import { choose, type Identity } from './sample.ts';

/** A mutant in Stryker's JSON report (mutation-testing-report-schema). */
interface ReportedMutant extends Omit<Identity, 'fileName'> {
  readonly status: string;
  readonly statusReason?: string;
}

/** The part of Stryker's JSON report that this command reads. */
export interface StrykerReport {
  readonly files: Readonly<
    Record<string, { readonly source: string; readonly mutants: readonly ReportedMutant[] }>
  >;
}

/** A mutant that was run, or that no test reaches. */
interface Result extends ReportedMutant {
  readonly fileName: string;
  /** The lines that the mutant changes, without those around it. */
  readonly original: string;
}

/** How the mutants of one file fared. */
export interface FileScore {
  readonly file: string;
  readonly mutants: number;
  /** Includes mutants that make a test wait without end. */
  readonly killed: number;
  readonly survivors: readonly Result[];
}

// All others are compile errors, and mutants outside of the sample.
const counted = new Set(['Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError']);
const noticed = new Set(['Killed', 'Timeout', 'RuntimeError']);

/** Scores the files of a report. With a sample, only its mutants count. */
export function scoreFiles({ files }: StrykerReport, sample?: Sample): readonly FileScore[] {
  const results = Object.entries(files).flatMap(([fileName, { source, mutants }]) =>
    mutants.map((mutant): Result => ({ ...mutant, fileName, original: cut(source, mutant) })),
  );
  const valid = (sample === undefined ? results : choose(results, sample)).filter(({ status }) =>
    counted.has(status),
  );
  return [...Map.groupBy(valid, ({ fileName }) => fileName)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([file, own]) => {
      const survivors = own.filter(({ status }) => !noticed.has(status));
      return { file, mutants: own.length, killed: own.length - survivors.length, survivors };
    });
}

/** The share of killed mutants, in percent. 100 without mutants. */
export function scoreOf(files: readonly FileScore[]): number {
  const mutants = files.reduce((sum, file) => sum + file.mutants, 0);
  const killed = files.reduce((sum, file) => sum + file.killed, 0);
  return mutants === 0 ? 100 : (100 * killed) / mutants;
}

/** Writes a table in Markdown, and each survivor with its place. */
export function writeScores(name: string, files: readonly FileScore[]): string {
  const rows = files.map(
    ({ file, mutants, killed }) => `| ${file} | ${mutants} | ${killed} | ${mutants - killed} |`,
  );
  const survivors = files.flatMap((file) => file.survivors).map(writeSurvivor);
  return [
    `## ${name}: ${scoreOf(files).toFixed(1)} % killed`,
    '',
    '| File | Mutants | Killed | Survived |',
    '|---|---:|---:|---:|',
    ...rows,
    ...(survivors.length === 0 ? [] : ['', ...survivors]),
    '',
    '',
  ].join('\n');
}

function writeSurvivor({ fileName, location, mutatorName, status, ...mutant }: Result): string {
  const missed = status === 'NoCoverage' ? ', which no test reaches' : '';
  const { line, column } = location.start;
  const change = `${shorten(mutant.original)}  →  ${shorten(mutant.replacement ?? '')}`;
  return `${fileName}:${line}:${column} ${mutatorName}${missed}\n    ${change}`;
}

/** Lines and columns of a report begin with 1. */
function cut(source: string, { location: { start, end } }: ReportedMutant): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) =>
      line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined),
    )
    .join('\n');
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
}
