/** Reads the client's address from `X-Forwarded-For` and `Forwarded` (RFC 7239). */

// An entry is an address, or a few parameters. What is longer is not from a proxy.
const longestEntry = 1_024;

/**
 * One entry of a list, counted from the right, where the nearest proxy writes. What is left of it is
 * not even looked at: strangers wrote that, and a quotation mark that they leave open means nothing.
 *
 * @param fields Every field of the name, in order: together they are one list.
 * @param place 1 is the last.
 * @param quoted Whether commas may be in quotation marks.
 */
export function entryFromRight(
  fields: readonly string[],
  place: number,
  quoted: boolean,
): string | undefined {
  const list = fields.join(',');
  let left = place;
  let end = list.length;
  let inQuotes = false;
  for (let index = list.length - 1; index >= 0; index -= 1) {
    if (quoted && list[index] === '"' && !isEscaped(list, index)) inQuotes = !inQuotes;
    if (list[index] !== ',' || inQuotes) continue;
    left -= 1;
    if (left === 0) return take(list, index + 1, end);
    end = index;
  }
  return left === 1 && !inQuotes ? take(list, 0, end) : undefined;
}

function take(list: string, start: number, end: number): string | undefined {
  return end - start > longestEntry ? undefined : list.slice(start, end).trim();
}

function isEscaped(list: string, index: number): boolean {
  let backslashes = 0;
  while (list[index - backslashes - 1] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

const parameter = /\s*([\w!#$%&'*+.^`|~-]+)=(?:([^\s",;]+)|"((?:[^"\\]|\\.)*)")\s*(?:;|$)/y;

/** The `for` of one element of `Forwarded`. `undefined` when it has none, or is not well-formed. */
export function readForwardedFor(element: string): string | undefined {
  const found: string[] = [];
  parameter.lastIndex = 0;
  while (parameter.lastIndex < element.length) {
    const match = parameter.exec(element);
    if (match === null) return undefined;
    const [, name = '', token, quoted = ''] = match;
    if (name.toLowerCase() === 'for') found.push(token ?? quoted.replace(/\\(.)/g, '$1'));
  }
  // RFC 7239 §4: a parameter must not occur twice.
  return found.length === 1 ? found[0] : undefined;
}

// RFC 7239 §6 lets a proxy hide the port as well.
const node = /^(?:\[([^\]]*)\]|([^:]*))(?::(?:\d{1,5}|_[\w.-]+))?$/;

/** The address of `192.0.2.1:4711` and `[2001:db8::1]:4711`; others are as they are. */
export function withoutPort(text: string): string {
  const [, bracketed, plain] = node.exec(text) ?? [];
  return bracketed ?? plain ?? text;
}
