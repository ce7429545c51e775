/** Finds a second gate that would judge the same request: it would refuse what the first admitted. */
import type { McpGate } from '@sallyport/mcp-adapter';

const gateOf: unique symbol = Symbol('gate');

/** Marks what a host runs, so that {@link isOfOtherGate} knows whose it is. */
export function mark<Value extends object>(value: Value, gate: McpGate): Value {
  return Object.assign(value, { [gateOf]: gate });
}

/** Whether this was marked for another gate. */
export function isOfOtherGate(value: unknown, gate: McpGate): boolean {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return false;
  const { [gateOf]: other } = value as { readonly [gateOf]?: McpGate };
  return other !== undefined && other !== gate;
}
