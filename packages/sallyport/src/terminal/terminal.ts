import { styleText } from 'node:util';
import type { Surroundings, TextOutput } from '../surroundings.ts';
import { wrap } from './wrap.ts';

/** What a piece of text means. It decides the colour. */
export type Tone = 'good' | 'bad' | 'careful' | 'quiet' | 'strong' | 'plain';

type Style = Parameters<typeof styleText>[0];

const styles: Readonly<Record<Tone, Style | undefined>> = {
  good: 'green',
  bad: ['red', 'bold'],
  careful: 'yellow',
  quiet: 'dim',
  strong: 'bold',
  plain: undefined,
};

/** Writes for a person: with colour on a terminal alone, and no line longer than it is wide. */
export interface Terminal {
  /** Colours a text, where there is colour. */
  paint(tone: Tone, text: string): string;
  /** Writes one line. */
  line(text?: string): void;
  /** Writes a paragraph, wrapped, each line with this indentation. */
  paragraph(text: string, indent?: number): void;
  /** Writes a name and its value in two columns. A long value is wrapped in its column. */
  pair(name: string, value: string, options?: PairOptions): void;
  /** Breaks a text into the lines that fit behind an indentation. */
  wrapped(text: string, indent: number): readonly string[];
}

interface PairOptions {
  /** Characters before the name. Default 2. */
  readonly indent?: number;
  /** Characters of the first column. Default 14. */
  readonly column?: number;
  /** Colour of the value. Default none. */
  readonly tone?: Tone;
}

const narrowest = 40;
const widest = 100;
const usual = 80;

/**
 * Makes a terminal of a standard stream. `NO_COLOR` and `TERM=dumb` switch colour off, `FORCE_COLOR` switches it
 * on.
 */
export function createTerminal(output: TextOutput, variables: Surroundings['variables']): Terminal {
  const hasColour = showsColour(output, variables);
  const width = Math.min(Math.max(output.columns || usual, narrowest), widest);
  const paint = (tone: Tone, text: string) => {
    const style = styles[tone];
    if (!hasColour || style === undefined || text === '') return text;
    return styleText(style, text, { validateStream: false });
  };
  const line = (text = '') => void output.write(`${text}\n`);

  return {
    paint,
    line,
    wrapped: (text, indent) => wrap(text, width - indent),
    paragraph(text, indent = 2) {
      for (const each of wrap(text, width - indent)) line(' '.repeat(indent) + each);
    },
    pair(name, value, { indent = 2, column = 14, tone = 'plain' } = {}) {
      const [first = '', ...others] = wrap(value, width - indent - column);
      line(`${' '.repeat(indent)}${paint('quiet', name.padEnd(column))}${paint(tone, first)}`);
      for (const other of others) line(' '.repeat(indent + column) + paint(tone, other));
    },
  };
}

function showsColour({ isTTY }: TextOutput, variables: Surroundings['variables']): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = variables;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY === true && TERM !== 'dumb';
}
