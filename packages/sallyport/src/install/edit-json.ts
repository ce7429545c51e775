import { isDeepStrictEqual } from 'node:util';
import {
  applyEdits,
  findNodeAtLocation,
  modify,
  type Node,
  type ParseError,
  parse,
  parseTree,
} from 'jsonc-parser';
import { UsageError } from '../usage-error.ts';
import { type NewServer, refuseOtherServer } from './new-server.ts';

/**
 * Adds a server to a JSON file with or without comments, in front of the others. Everything else keeps its text:
 * comments, order, indentation and line ends.
 *
 * @throws {UsageError} When the file is not JSON.
 * @throws {NameTaken} When the name belongs to another server.
 */
export function editJson(text: string, server: NewServer, path: string): string {
  const source = text.replace(/^\uFEFF/, '').trim() === '' ? '{}\n' : text;
  const before = read(source);
  if (before === undefined) {
    throw new UsageError(`${path} is not valid JSON, so nothing is changed. Repair it first.`);
  }
  const { member, name, entry } = server;
  const servers = before[member] ?? {};
  const found = isObject(servers) ? servers[name] : null;
  refuseOtherServer(found, server, path);
  const existing = isObject(found) ? found : undefined;
  const changed =
    existing === undefined ? insert(source, server) : replace(source, server, existing);
  const wanted = { ...before, [member]: { ...servers, [name]: { ...existing, ...entry } } };
  if (isDeepStrictEqual(read(changed), wanted)) return changed;
  throw new UsageError(
    `${path} has the same member twice, or another form that this command cannot change. Add the server by hand.`,
  );
}

function read(text: string): Record<string, unknown> | undefined {
  const errors: ParseError[] = [];
  const root: unknown = parse(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  return errors.length === 0 && isObject(root) ? root : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function insert(text: string, { member, name, entry }: NewServer): string {
  const root = parseTree(text.replace(/^\uFEFF/, ' '), [], { allowTrailingComma: true }) as Node;
  const servers = findNodeAtLocation(root, [member]);
  return servers === undefined
    ? insertFirst(text, root, { key: member, value: { [name]: entry }, depth: 1 })
    : insertFirst(text, servers, { key: name, value: entry, depth: 2 });
}

interface Member {
  readonly key: string;
  readonly value: object;
  readonly depth: number;
}

/** Right behind the brace, so that no comment of another member changes its place. */
function insertFirst(text: string, { offset, length, children = [] }: Node, added: Member): string {
  const { key, value, depth } = added;
  const [, unit = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = unit.repeat(depth);
  const written = JSON.stringify(value, null, unit)
    .split('\n')
    .join(eol + indent);
  const start = offset + 1;
  const inner = text.slice(start, offset + length - 1);
  const line = `${eol}${indent}${JSON.stringify(key)}: ${written}`;
  if (children.length > 0) return `${text.slice(0, start)}${line},${text.slice(start)}`;
  const rest = inner.trim() === '' ? `${eol}${unit.repeat(depth - 1)}` : inner;
  return `${text.slice(0, start)}${line}${rest}${text.slice(offset + length - 1)}`;
}

function replace(
  text: string,
  { member, name, entry }: NewServer,
  existing: Readonly<Record<string, unknown>>,
): string {
  return Object.entries(entry)
    .filter(([key, value]) => existing[key] !== value)
    .reduce(
      (changed, [key, value]) =>
        applyEdits(changed, modify(changed, [member, name, key], value, {})),
      text,
    );
}
