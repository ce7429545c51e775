/** The two records: the names that each entry exports, and the declarations that users of each package see. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Lines by entry or package. */
export type Lines = Readonly<Record<string, readonly string[]>>;

const headings = {
  'recorded.txt':
    'What every package exports. `npx --yes pnpm@12 exports` writes this file anew: each name is a decision.',
  'signatures.txt':
    'The declarations that users of each package see. `npx --yes pnpm@12 exports` writes this file anew.',
} as const;

export type RecordFile = keyof typeof headings;

const locate = (file: RecordFile) => new URL(file, import.meta.url);

export function readRecord(file: RecordFile): Lines {
  // The heading ends with an empty line, and so does each block.
  const [, ...blocks] = readFileSync(locate(file), 'utf8').split(/\n\n(?=\S)/);
  return Object.fromEntries(
    blocks.map((block) => {
      const [name = '', ...lines] = block.trimEnd().split(/\n */);
      return [name, lines];
    }),
  );
}

export function writeRecord(file: RecordFile, record: Lines): void {
  const blocks = Object.entries(record).map(([name, lines]) => [name, ...lines].join('\n  '));
  writeFileSync(locate(file), `${headings[file]}\n\n${blocks.join('\n\n')}\n`);
}

/** One line for each line that was added or removed since it was recorded. */
export function compare(recorded: Lines, present: Lines): string[] {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(present)])].sort();
  return names.flatMap((name) => {
    const before = recorded[name] ?? [];
    const after = present[name] ?? [];
    const added = after.filter((line) => !before.includes(line));
    const removed = before.filter((line) => !after.includes(line));
    return [
      ...added.map((line) => `${name} exports ${line}, which is not recorded`),
      ...removed.map((line) => `${name} no longer exports ${line}`),
    ];
  });
}
