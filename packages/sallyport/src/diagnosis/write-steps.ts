import type { Terminal, Tone } from '../terminal/terminal.ts';
import { firstBroken, type Step, type StepState } from './step.ts';

const marks: Readonly<Record<StepState, readonly [mark: string, tone: Tone]>> = {
  passed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  warning: ['!', 'careful'],
  'not reached': ['·', 'quiet'],
  'left out': ['·', 'quiet'],
};

/** Writes one step a line, with what was expected and found under those that need a look. */
export function writeSteps(terminal: Terminal, steps: readonly Step[]): void {
  const column = Math.max(10, ...steps.map(({ name }) => name.length)) + 2;
  for (const step of steps) {
    const [mark, tone] = marks[step.state];
    const isQuiet = step.state === 'not reached' || step.state === 'left out';
    writeRow(terminal, {
      mark: terminal.paint(tone, mark),
      name: step.name,
      column,
      text: step.summary,
      tone: isQuiet ? 'quiet' : 'plain',
    });
    const indent = 4 + column;
    if (step.expected !== undefined)
      terminal.pair('expected', step.expected, { indent, column: 10 });
    if (step.found !== undefined) terminal.pair('found', step.found, { indent, column: 10 });
    if (step.state === 'warning' && step.cure !== undefined) terminal.paragraph(step.cure, indent);
  }
}

interface Row {
  readonly mark: string;
  readonly name: string;
  readonly column: number;
  readonly text: string;
  readonly tone: Tone;
}

function writeRow(terminal: Terminal, { mark, name, column, text, tone }: Row): void {
  const lines = terminal.wrapped(text, 4 + column);
  const [first = '', ...others] = lines;
  terminal.line(`  ${mark} ${name.padEnd(column)}${terminal.paint(tone, first)}`);
  for (const other of others) terminal.line(' '.repeat(4 + column) + terminal.paint(tone, other));
}

/** Writes the first broken step, whose it is and the cure. */
export function writeVerdict(terminal: Terminal, steps: readonly Step[]): void {
  const broken = firstBroken(steps);
  if (broken === undefined) return;
  terminal.line();
  terminal.pair('First broken', broken.name, { column: 14, tone: 'bad' });
  terminal.pair('Whose it is', broken.owner, { column: 14, tone: 'strong' });
  terminal.pair('Cure', broken.cure, { column: 14 });
}
