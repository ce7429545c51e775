/** Finds what must not be where it is: pieces of a credential, and state that can be changed. */
import { inspect } from 'node:util';
import { expect } from 'vitest';

const fragmentLength = 16;
// Shorter ones turn up by coincidence, in words of ours.
const shortestCredential = 12;

/**
 * Fails when `value` shows 16 characters in a row of `credential`, in an error's message, detail
 * and causes just as in JSON. A shorter credential is looked for as a whole, and one of fewer than
 * 12 characters not at all.
 */
export function expectNoTrace(value: unknown, credential: string): void {
  if (credential.length < shortestCredential) return;
  const inspected = inspect(value, { depth: 10, maxStringLength: null, maxArrayLength: null });
  // Stack frames name files and functions, never values.
  const printed = `${inspected.replace(/^ +at .*$/gm, '')}\n${JSON.stringify(value)}`;
  const fragments = new Set(
    Array.from({ length: Math.max(1, credential.length - fragmentLength + 1) }, (_, start) =>
      credential.slice(start, start + fragmentLength),
    ),
  );
  const found = [...fragments].filter((fragment) => printed.includes(fragment));

  // Only their number: a failing assertion prints what it compares.
  expect(found.length, 'pieces of the credential that can be read').toBe(0);
}

/** The paths inside `value` at which something could still be changed. Sets are not looked into. */
export function findMutable(value: unknown, path = 'principal'): readonly string[] {
  if (typeof value !== 'object' || value === null || value instanceof Set) return [];
  return [
    ...(Object.isFrozen(value) ? [] : [path]),
    ...Object.entries(value).flatMap(([name, member]) => findMutable(member, `${path}.${name}`)),
  ];
}
