import { isDeepStrictEqual } from 'node:util';
import { parse, type TomlTable } from 'smol-toml';
import { UsageError } from '../usage-error.ts';
import { type NewServer, refuseOtherServer } from './new-server.ts';

/**
 * Adds a server to a TOML file, as a table at its end, or changes the values of the table that is there. A parser
 * then compares the files before and after: nothing else may differ.
 *
 * @throws {UsageError} When the file is not TOML, or cannot be changed in this way.
 * @throws {NameTaken} When the name belongs to another server.
 */
export function editToml(text: string, server: NewServer, path: string): string {
  const before = read(text);
  if (before === undefined) {
    throw new UsageError(`${path} is not valid TOML, so nothing is changed. Repair it first.`);
  }
  const existing = entryOf(before, server);
  refuseOtherServer(existing, server, path);
  const changed = existing === undefined ? append(text, server) : replace(text, server, existing);
  const after = read(changed);
  const wanted = { ...(existing ?? {}), ...server.entry };
  const isAsWanted =
    after !== undefined &&
    isDeepStrictEqual(plain(entryOf(after, server)), plain(wanted)) &&
    isDeepStrictEqual(plain(withoutEntry(after, server)), plain(withoutEntry(before, server)));
  if (isAsWanted) return changed;
  throw new UsageError(
    `${path} writes its servers in a way that this command cannot change. Add the lines above by hand.`,
  );
}

function read(text: string): TomlTable | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function append(text: string, { member, name, entry }: NewServer): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = Object.entries(entry).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
  return `${text}${gap}${[`[${member}.${name}]`, ...lines, ''].join(eol)}`;
}

function replace(text: string, { member, name, entry }: NewServer, existing: TomlTable): string {
  const lines = text.split('\n');
  const header = new RegExp(`^\\s*\\[\\s*${member}\\s*\\.\\s*"?${name}"?\\s*\\]`);
  const start = lines.findIndex((line) => header.test(line));
  const next = lines.findIndex((line, index) => index > start && /^\s*\[/.test(line));
  const end = next === -1 ? lines.length : next;
  for (const [key, value] of Object.entries(entry)) {
    if (existing[key] === value) continue;
    const place = lines.findIndex(
      (line, index) => index > start && index < end && new RegExp(`^\\s*${key}\\s*=`).test(line),
    );
    const written = `${key} = ${JSON.stringify(value)}`;
    if (start === -1) return text;
    if (place === -1) lines.splice(start + 1, 0, written);
    else
      lines[place] = (lines[place] ?? '').replace(
        /^(\s*)[^=]+=\s*(?:"[^"]*"|'[^']*')/,
        `$1${written}`,
      );
  }
  return lines.join('\n');
}

function entryOf(root: TomlTable, { member, name }: NewServer): TomlTable | undefined {
  const servers = root[member];
  return (Object(servers) as TomlTable)[name] as TomlTable | undefined;
}

function withoutEntry(root: TomlTable, { member, name }: NewServer): object {
  const { [member]: servers, ...rest } = root;
  const { [name]: _entry, ...others } = Object(servers) as TomlTable;
  return { ...rest, [member]: others };
}

/** The parser's tables have no prototype. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
