/** @returns The known name that the given one most likely means, or `undefined`. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(Math.min(name.length, 64) / 3));
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(plain(name), plain(candidate)) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

function plain(name: string): string {
  return name
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Counts the inserted, deleted or replaced letters between two words (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...to].entries()) {
      const [diagonal, above] = row.slice(column, column + 2) as [number, number];
      const replaced = diagonal + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, above + 1, (next[column] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
