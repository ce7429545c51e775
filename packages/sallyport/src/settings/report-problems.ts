import { exitCode } from '../exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { writeNext } from '../terminal/next.ts';
import { createTerminal, type Terminal } from '../terminal/terminal.ts';
import type { SettingsProblem } from './load-settings.ts';
import type { SettingsSource } from './settings-source.ts';

/** Writes every problem of the settings, each under its variable. */
export function writeProblems(
  terminal: Terminal,
  problems: readonly SettingsProblem[],
  { name }: Pick<SettingsSource, 'name'>,
): void {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  terminal.line();
  terminal.line(`  ${terminal.paint('bad', `✗ ${count} in ${name}`)}`);
  for (const { variable, problem } of problems) {
    terminal.line();
    if (variable !== undefined) terminal.line(`  ${terminal.paint('strong', variable)}`);
    terminal.paragraph(problem, variable === undefined ? 2 : 4);
  }
}

/** The exit code for problems: 78 where a setting is wrong, 1 where another try may succeed. */
export function exitCodeOf(problems: readonly SettingsProblem[]): number {
  if (problems.length === 0) return exitCode.done;
  return problems.every(({ isOutage }) => isOutage) ? exitCode.broken : exitCode.wrongSettings;
}

/** The same, for a command that cannot go on without settings. */
export function reportProblems(
  problems: readonly SettingsProblem[],
  source: SettingsSource,
  { output, errors, variables }: Pick<Surroundings, 'output' | 'errors' | 'variables'>,
  { json }: { readonly json?: boolean },
): number {
  if (json) {
    const listed = problems.map(({ variable, problem }) => ({
      ...(variable && { variable }),
      problem,
    }));
    output.write(
      `${JSON.stringify({ ok: false, source: source.name, problems: listed }, null, 2)}\n`,
    );
  } else {
    const terminal = createTerminal(errors, variables);
    writeProblems(terminal, problems, source);
    writeNext(terminal, 'change these. "sallyport check" looks at them without starting anything');
  }
  return exitCodeOf(problems);
}
