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
  const silent = steps.filter(({ state, summary }) => state === 'not reached' && summary === state);
  for (const step of steps.filter((each) => !silent.includes(each))) {
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
  if (silent.length === 0) return;
  const names = silent.map(({ name }) => name).join(', ');
  for (const line of terminal.wrapped(`not reached: ${names}`, 4)) {
    terminal.line(`    ${terminal.paint('quiet', line)}`);
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
  terminal.pair('First broken', broken.name, { tone: 'bad' });
  terminal.pair('Whose it is', broken.owner, { tone: 'strong' });
  terminal.pair('Cure', broken.cure);
}
