/** `sallyport doctor`: whether this server can do its work, or what a client meets at an address. */
import { firstBroken } from '../diagnosis/step.ts';
import { writeSteps, writeVerdict } from '../diagnosis/write-steps.ts';
import { exitCode } from '../exit-code.ts';
import { readSettingsSource, type SettingsOptions } from '../settings/settings-source.ts';
import type { Surroundings } from '../surroundings.ts';
import { writeNext } from '../terminal/next.ts';
import { withProgress } from '../terminal/progress.ts';
import { createTerminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { examineInside } from './inside/examine-inside.ts';
import { examineOutside } from './outside/examine-outside.ts';
import type { Section } from './section.ts';

/** Options of `doctor`. */
export interface DoctorOptions extends SettingsOptions {
  readonly json?: boolean;
}

/**
 * @param url The MCP endpoint to look at from outside. `undefined`: this server, from inside.
 * @returns The exit code.
 */
export async function doctor(
  url: string | undefined,
  options: DoctorOptions,
  surroundings: Surroundings,
): Promise<number> {
  const sections = await withProgress(surroundings, 'Asking the servers', () =>
    url === undefined
      ? examineInside(readSource(options, surroundings), surroundings)
      : examineOutside(readUrl(url), surroundings),
  );
  const steps = sections.flatMap((section) => section.steps);
  const broken = firstBroken(steps);
  if (options.json) {
    const first = broken && { firstBroken: broken.name, owner: broken.owner, cure: broken.cure };
    const answer = { ok: broken === undefined, ...first, sections };
    surroundings.output.write(`${JSON.stringify(answer, null, 2)}\n`);
  } else write(sections, surroundings, url);
  if (broken === undefined) return exitCode.done;
  return broken.name === 'settings' ? exitCode.wrongSettings : exitCode.broken;
}

function readSource(options: DoctorOptions, surroundings: Surroundings) {
  const source = readSettingsSource(options, surroundings);
  if (source.hidden.size > 0) {
    throw new UsageError(
      `${source.name} has secrets in place of values. Run this where the secrets can be read, or "sallyport check --service ${source.name}".`,
    );
  }
  return source;
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') {
    throw new UsageError('Name the MCP endpoint as a URL, such as https://notes.example.com/mcp');
  }
  return url;
}

function write(
  sections: readonly Section[],
  { output, variables }: Surroundings,
  url: string | undefined,
): void {
  const terminal = createTerminal(output, variables);
  for (const { title, steps } of sections) {
    terminal.line();
    terminal.line(`  ${terminal.paint('strong', title)}`);
    writeSteps(terminal, steps);
  }
  const steps = sections.flatMap((section) => section.steps);
  writeVerdict(terminal, steps);
  const isBroken = firstBroken(steps) !== undefined;
  const next = isBroken
    ? 'repair this, then run this command again'
    : url === undefined
      ? 'run "sallyport doctor <url>" from outside, to see what a client meets'
      : 'connect a client: "sallyport install <client> <url>" shows how';
  writeNext(terminal, next);
}
