/**
 * Every test file that starts the server through `reference-server.ts` ends with a search of all that
 * the server wrote and answered, for pieces of all tokens and secrets that it was given (OPS-05).
 */
import { afterAll, expect } from 'vitest';

// As many characters as nobody writes by accident.
const windowLength = 12;

const outputs: string[] = [];
const secrets = new Set<string>();

/** Remembers what the server wrote or answered. */
export function keepOutput(text: string): void {
  outputs.push(text);
}

/** Remembers what must not be in it. */
export function keepSecret(text: string): void {
  secrets.add(text);
}

/** The pieces of secrets that are in a text; of each secret the first one. */
export function findLeaks(texts: readonly string[], hidden: Iterable<string>): readonly string[] {
  const written = new Set(texts.flatMap(windowsOf));
  return [...hidden].flatMap((secret) => {
    const piece = windowsOf(secret).find((window) => written.has(window));
    return piece === undefined ? [] : [piece];
  });
}

function windowsOf(text: string): string[] {
  const count = Math.max(0, text.length - windowLength + 1);
  return Array.from({ length: count }, (_, at) => text.slice(at, at + windowLength));
}

afterAll(() => {
  expect(findLeaks(outputs, secrets)).toEqual([]);
});
