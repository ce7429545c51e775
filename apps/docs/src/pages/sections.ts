/** Sections of documents, for pages that show a part of one. */
import { readSource } from '../repository.ts';

/** The text below a heading, up to the next heading of the same or a higher level. */
export function readSection(file: string, heading: string): string {
  const lines = readSource(file).split('\n');
  const start = lines.findIndex(
    (line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading,
  );
  if (start < 0) throw new Error(`${file} has no section "${heading}"`);
  const level = lines[start]?.indexOf(' ') ?? 0;
  const rest = lines.slice(start + 1);
  let isCode = false;
  const end = rest.findIndex((line) => {
    if (line.startsWith('```')) isCode = !isCode;
    const [marks] = isCode ? [] : (/^#+(?= )/.exec(line) ?? []);
    return marks !== undefined && marks.length <= level;
  });
  return rest
    .slice(0, end < 0 ? undefined : end)
    .join('\n')
    .trim();
}
