/**
 * Reads JSON (RFC 8259) by the letter, recursively, and refuses what two readers could read
 * differently. Slow and plain: what the verifier is held to must not share its shortcuts.
 */
export class NotStrict extends Error {}

const refuse = (): never => {
  throw new NotStrict();
};

/** @throws {NotStrict} For text that is no JSON, nests too deeply, or names a member twice. */
export function parseStrictJson(text: string, maximumDepth: number): unknown {
  let at = 0;

  function skipSpace(): void {
    while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
  }
  function take(expected: string): void {
    if (!text.startsWith(expected, at)) refuse();
    at += expected.length;
  }
  function readString(): string {
    const start = at;
    take('"');
    for (let character = text.charAt(at); character !== '"'; character = text.charAt(at)) {
      if (character === '' || character < ' ') refuse();
      at += character === '\\' ? 2 : 1;
    }
    take('"');
    try {
      return JSON.parse(text.slice(start, at)) as string;
    } catch {
      return refuse();
    }
  }
  function readNumber(): number {
    const found = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(text.slice(at))?.[0];
    if (found === undefined) return refuse();
    at += found.length;
    return Number(found);
  }
  function readMembers(depth: number): Map<string, unknown> {
    const members = new Map<string, unknown>();
    take('{');
    skipSpace();
    for (let isFirst = true; text.charAt(at) !== '}'; isFirst = false) {
      if (!isFirst) take(',');
      skipSpace();
      const name = readString();
      if (members.has(name) || name === '__proto__') refuse();
      skipSpace();
      take(':');
      members.set(name, readValue(depth));
      skipSpace();
    }
    take('}');
    return members;
  }
  function readItems(depth: number): unknown[] {
    const items: unknown[] = [];
    take('[');
    skipSpace();
    for (let isFirst = true; text.charAt(at) !== ']'; isFirst = false) {
      if (!isFirst) take(',');
      items.push(readValue(depth));
      skipSpace();
    }
    take(']');
    return items;
  }
  function readValue(depth: number): unknown {
    skipSpace();
    const first = text.charAt(at);
    if ((first === '{' || first === '[') && depth === maximumDepth) refuse();
    if (first === '{') return readMembers(depth + 1);
    if (first === '[') return readItems(depth + 1);
    if (first === '"') return readString();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return value;
    }
    return readNumber();
  }

  const value = readValue(0);
  skipSpace();
  if (at !== text.length) refuse();
  return value;
}
