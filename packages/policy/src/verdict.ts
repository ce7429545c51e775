/** What a policy may answer. Anything else is a fault of the policy, and never allows. */

// Registry symbols: two installed copies of this package still recognise each other's verdicts.
const allowed: symbol = Symbol.for('@sallyport/policy/allow');
const reason: symbol = Symbol.for('@sallyport/policy/deny');

/** The caller may do it. */
export interface Allowed {
  readonly verdict: 'allow';
}

/** The caller may not do it. */
export interface DeniedBecause {
  readonly verdict: 'deny';
}

/** What {@link allow} is, or what {@link deny} returns. */
export type Verdict = Allowed | DeniedBecause;

/** The caller may do it. */
export const allow: Allowed = Object.freeze({ verdict: 'allow', [allowed]: true });

/**
 * The caller may not do it.
 *
 * @param because For the audit log, and never for the client. It must not hold secrets. At most 200 characters are kept.
 */
export function deny(because: string): DeniedBecause {
  return Object.freeze({ verdict: 'deny', [reason]: because });
}

/**
 * Reads what a policy answered.
 *
 * @returns `undefined` to allow, or the reason to deny.
 * @throws {TypeError} When it is not a verdict.
 */
export function readVerdict(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null) {
    if (Object.hasOwn(value, reason)) return toLine(Reflect.get(value, reason));
    if (Object.hasOwn(value, allowed) && Reflect.get(value, allowed) === true) return undefined;
  }
  throw new TypeError('the policy must return allow or deny(reason)');
}

/** One line, whatever JavaScript passes. */
function toLine(text: unknown): string {
  const line =
    typeof text === 'string'
      ? text
          .slice(0, 200)
          .replace(/\p{C}+/gu, ' ')
          .trim()
      : '';
  return line === '' ? 'no reason given' : line;
}
