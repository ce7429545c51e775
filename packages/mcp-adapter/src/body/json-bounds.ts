/**
 * Bounds on the work that one JSON body may cause. Without them, 1 MiB of `{"a":0},{"b":0},…` takes
 * `JSON.parse` more than 100 ms, and schema validators overflow on deep nesting.
 */

/** Why a body is refused before anything walks over it. */
export type BoundsFault = 'body_too_deep' | 'body_too_complex';

/** Far more than any tool takes. Schema validators recurse, and overflow at some thousands. */
export const maximumDepth = 100;

// Values and member names. At this number, the worst shape costs JSON.parse about 30 ms.
const leastMaximumNodes = 50_000;
const bytesPerNode = 20;

/** How many values and member names a body may hold: one for 20 bytes, and never below 50,000. */
export function maximumNodesOf(maximumBodyBytes: number): number {
  return Math.max(leastMaximumNodes, Math.floor(maximumBodyBytes / bytesPerNode));
}

/**
 * The same bounds for a value that a body parser in front of the gate has made. It stops at the first
 * fault, and recurses no deeper than the bound.
 */
export function boundValue(value: unknown, maximumNodes: number): BoundsFault | undefined {
  let nodes = 0;

  function visit(current: unknown, depth: number): BoundsFault | undefined {
    nodes += 1;
    if (nodes > maximumNodes) return 'body_too_complex';
    if (typeof current !== 'object' || current === null) return undefined;
    if (depth === maximumDepth) return 'body_too_deep';
    return Array.isArray(current) ? visitArray(current, depth) : visitObject(current, depth);
  }

  // By index: a copy of half a million elements would cost as much as parsing them.
  function visitArray(array: readonly unknown[], depth: number): BoundsFault | undefined {
    for (let index = 0; index < array.length; index += 1) {
      const fault = visit(array[index], depth + 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  function visitObject(object: object, depth: number): BoundsFault | undefined {
    for (const name in object) {
      nodes += 1;
      const fault = visit((object as Record<string, unknown>)[name], depth + 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  return visit(value, 0);
}
