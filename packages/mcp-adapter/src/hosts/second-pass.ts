/** Recognises a request that a gate has admitted, where gates are mounted twice. */
import type { McpGate } from '../gate/mcp-gate-options.ts';

const admission = Symbol('admission');

interface Admission {
  readonly gate: McpGate;
  readonly method: string | undefined;
}

interface Admissible {
  readonly method?: string | undefined;
  [admission]?: Admission;
}

/** Remembers on the request itself that this gate admitted it. Copies of the request do not have it. */
export function rememberAdmission(
  request: { readonly method?: string | undefined },
  gate: McpGate,
): void {
  const value: Admission = { gate, method: request.method };
  Object.defineProperty(request, admission, { value, configurable: true });
}

/**
 * Returns whether a gate of this package admitted the request. Then a request without `auth` is that of an anonymous
 * caller.
 */
export function isGated(request: object): boolean {
  return (request as Admissible)[admission] !== undefined;
}

/**
 * Whether this gate admitted this very request before, so that it may pass without a second decision. The
 * token is hidden by then. A request whose method has changed since then does not count as admitted.
 *
 * Reports `gates_overlap` if another gate admitted it: this gate then decides anew, and finds no token.
 */
export function isAdmitted(request: object, gate: McpGate): boolean {
  const { [admission]: before, method } = request as Admissible;
  if (before === undefined) return false;
  if (before.gate === gate) return before.method === method;
  gate.report.once('gates_overlap');
  return false;
}
