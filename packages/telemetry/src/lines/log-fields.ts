/** What one line may hold: scalars, each made safe, as many as fit. */
import { ownText, safeText } from './safe-text.ts';

/** What is written of anything. */
export type Scalar = string | number | boolean | null;

/** Which names are not taken from what is to be logged. */
export interface NamesApart {
  /** Those that the line has for itself: they count as omitted. */
  readonly reserved: ReadonlySet<string>;
  /** Fields that the writer of the line adds in another form. */
  readonly taken?: ReadonlySet<string>;
  /** Those that hold a sentence or a command of this project. */
  readonly own?: ReadonlySet<string>;
}

// With what the logger itself adds, a line stays below 4,096 bytes.
const budget = 3_400;
const none: ReadonlySet<string> = new Set();

/**
 * Adds the fields that fit to `line`, in their order; `omitted` counts the others.
 *
 * @param message Takes its part of the line, and is not added.
 */
export function boundFields(
  line: Record<string, Scalar>,
  fields: object,
  { reserved, taken = none, own = none }: NamesApart,
  message = '',
): Record<string, Scalar> {
  let left = budget - sizeOf(message);
  let omitted = 0;
  for (const name of Object.keys(fields)) {
    const value: unknown = (fields as Record<string, unknown>)[name];
    if (value === undefined || taken.has(name)) continue;
    const key = safeText(name);
    const isOwn = own.has(name) && typeof value === 'string';
    const scalar = isOwn ? ownText(value) : toScalar(value);
    const size = sizeOf(key) + sizeOf(scalar);
    if (reserved.has(name) || size > left) {
      omitted += 1;
      continue;
    }
    left -= size;
    line[key] = scalar;
  }
  if (omitted > 0) line['omitted'] = omitted;
  return line;
}

function toScalar(value: unknown): Scalar {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  // What it holds is not known, so none of it is written.
  return `[${typeof value}]`;
}

/** In JSON, with what stands beside it. */
function sizeOf(scalar: Scalar): number {
  const isPlain = typeof scalar === 'string' && !/["\\]/.test(scalar);
  return isPlain ? scalar.length + 3 : JSON.stringify(scalar).length + 1;
}
