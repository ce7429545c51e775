/** The code blocks of a page, and the marks that say how a test runs each of them. */

/** A fenced block of code. */
export interface CodeBlock {
  /** Such as `sh`. Empty where the fence names none. */
  readonly language: string;
  /** How a test runs it, such as `curl`. Empty where it is not marked. */
  readonly mark: string;
  /** In square brackets: the name of the file, or of the tab. */
  readonly label: string;
  readonly code: string;
  /** The line of the fence, from 1. */
  readonly line: number;
}

const fence = /^( *)(`{3,})([\w-]*)(?: +([\w-]+))?(?: +\[([^\]]*)\])? *$/;

/** All code blocks of a text, in order. */
export function readCodeBlocks(text: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: (CodeBlock & { ticks: string; indent: string }) | undefined;
  let lines: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent = '', ticks, language = '', mark = '', label = ''] = fence.exec(line) ?? [];
    if (open === undefined && ticks !== undefined) {
      open = { language, mark, label, code: '', line: index + 1, ticks, indent };
      lines = [];
    } else if (open !== undefined && ticks === open.ticks && language === '') {
      const { ticks: _ticks, indent: _indent, ...block } = open;
      blocks.push({ ...block, code: `${lines.join('\n')}\n` });
      open = undefined;
    } else if (open !== undefined) lines.push(line.slice(open.indent.length));
    else if (/^ *`{3}/.test(line)) throw new Error(`line ${index + 1} is no fence: ${line}`);
  }
  return blocks;
}

/** The text as VitePress gets it: without marks. */
export function withoutMarks(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line.replace(fence, (_all, indent = '', ticks = '', language = '', _mark, label) =>
        `${indent}${ticks}${language}${label === undefined ? '' : ` [${label}]`}`.trimEnd(),
      ),
    )
    .join('\n');
}
