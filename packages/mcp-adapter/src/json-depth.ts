/**
 * Whether objects and arrays are nested in each other more than `maximum` deep. It goes no deeper
 * than that itself, so that it cannot overflow where others would.
 */
export function isDeeper(value: unknown, maximum: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (maximum === 0) return true;
  for (const member of Object.values(value)) {
    if (isDeeper(member, maximum - 1)) return true;
  }
  return false;
}
