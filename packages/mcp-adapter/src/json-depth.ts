/**
 * Whether objects and arrays are nested in each other more than `maximum` deep. Level by level, so
 * that it cannot overflow where recursion would.
 */
export function isDeeper(value: unknown, maximum: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth < maximum; depth += 1) {
    level = level.filter(isContainer).flatMap((container) => Object.values(container));
    if (level.length === 0) return false;
  }
  return level.some(isContainer);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
