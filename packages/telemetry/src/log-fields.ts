/** What one line may hold: scalars, each made safe, as many as fit. */
import { safeText } from './safe-text.ts';

/** What is written of anything. */
export type Scalar = string | number | boolean | null;

// With what the logger itself adds, a line stays below 4,096 bytes.
const budget = 3_400;

/** The fields that fit, in their order; `omitted` counts the others. */
export function boundFields(
  fields: Readonly<Record<string, unknown>>,
  reserved: ReadonlySet<string>,
): Record<string, Scalar> {
  const kept: [string, Scalar][] = [];
  let left = budget;
  let omitted = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const key = safeText(name);
    const scalar = toScalar(value);
    const size = JSON.stringify([key, scalar]).length;
    if (reserved.has(name) || size > left) {
      omitted += 1;
      continue;
    }
    left -= size;
    kept.push([key, scalar]);
  }
  if (omitted > 0) kept.push(['omitted', omitted]);
  return Object.fromEntries(kept);
}

function toScalar(value: unknown): Scalar {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  // What it holds is not known, so none of it is written.
  return `[${typeof value}]`;
}
