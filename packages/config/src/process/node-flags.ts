/** The flags that Node was started with, in every spelling that Node takes. */

/** Flags by name, such as `inspect`. The last spelling of a flag wins, as in Node. */
export type NodeFlags = ReadonlyMap<string, boolean>;

/**
 * Reads `NODE_OPTIONS` and then the arguments, which come later and so win.
 *
 * @param nodeArguments As in `process.execArgv`.
 */
export function readNodeFlags(nodeOptions: string, nodeArguments: readonly string[]): NodeFlags {
  const flags = new Map<string, boolean>();
  for (const argument of [...splitOptions(nodeOptions), ...nodeArguments]) {
    const [, no, name, value] = /^--(no[-_])?([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name === undefined) continue;
    flags.set(name.replaceAll('_', '-'), no === undefined && value !== 'false');
  }
  return flags;
}

/** Spaces separate. Quotation marks keep spaces, and within them a backslash keeps any character. */
function splitOptions(text: string): string[] {
  const found: string[] = [];
  let current: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\' && isQuoted) {
      at += 1;
      current = (current ?? '') + (text[at] ?? '');
    } else if (character === '"') isQuoted = !isQuoted;
    else if (/\s/.test(character) && !isQuoted) {
      if (current !== undefined) found.push(current);
      current = undefined;
    } else current = (current ?? '') + character;
  }
  if (current !== undefined) found.push(current);
  return found;
}
