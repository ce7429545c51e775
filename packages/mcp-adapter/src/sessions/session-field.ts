/** The `Mcp-Session-Id` of `node:http` and `node:http2`: what the server sees, and what the client gets. */
import { type Fields, type HeaderLists, isNamed } from '../headers/hidden-fields.ts';
import type { ProveSession } from './session-owners.ts';

const name = 'mcp-session-id';

/**
 * Puts the server's own id into every list of header fields, in place of whatever the client sent.
 *
 * @param serverId `undefined`: none.
 * @param distinct `headersDistinct` of the request, or `undefined` where Node.js has not built it.
 */
export function presentSession(
  { headers, rawHeaders }: HeaderLists,
  serverId: string | undefined,
  distinct: Fields,
): void {
  delete headers[name];
  if (distinct !== undefined) delete distinct[name];
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (isNamed(rawHeaders[index], name)) rawHeaders.splice(index, 2);
  }
  if (serverId === undefined) return;
  headers[name] = serverId;
  if (distinct !== undefined) distinct[name] = [serverId];
  rawHeaders.push('Mcp-Session-Id', serverId);
}

/** The part of a response of `node:http` or `node:http2` that sends header fields. */
export interface HeaderWriter {
  readonly headersSent: boolean;
  getHeader(name: string): unknown;
  setHeader(name: string, value: string): unknown;
  removeHeader(name: string): void;
  writeHead: Method;
  end: Method;
}

type Method = (...given: never[]) => unknown;

/**
 * Replaces the session id of a response just before its headers are sent. They may have been set
 * before, or be given to `writeHead`, which every other way to send headers ends in.
 */
export function replaceSession(response: HeaderWriter, prove: ProveSession): void {
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => unknown;
  const end = response.end.bind(response) as (...given: unknown[]) => unknown;

  function replaceStored(): void {
    if (response.headersSent) return;
    const value = response.getHeader(name);
    if (value === undefined) return;
    const proven = prove(value);
    if (proven === undefined) response.removeHeader(name);
    else response.setHeader('Mcp-Session-Id', proven);
  }

  response.writeHead = (...given: unknown[]) => {
    replaceStored();
    return writeHead(...given.slice(0, -1), replaceGiven(given.at(-1), prove));
  };
  // HTTP/2 ends a response without a body, and does not call `writeHead` for it.
  response.end = (...given: unknown[]) => {
    replaceStored();
    return end(...given);
  };
}

type Pair = readonly [name: unknown, value: unknown];

/** Node takes an object, or a list in which names and values take turns or stand in pairs. */
function replaceGiven(fields: unknown, prove: ProveSession): unknown {
  if (typeof fields !== 'object' || fields === null) return fields;
  if (!Array.isArray(fields)) {
    // HTTP/2 has fields under symbols, too: an object that need not change stays the same one.
    const isTold = Object.keys(fields).some((field) => isNamed(field, name));
    return isTold ? Object.fromEntries(replaceIn(Object.entries(fields), prove)) : fields;
  }
  if (Array.isArray(fields[0])) return replaceIn(fields as Pair[], prove);
  // Node refuses a list that lacks a value.
  if (fields.length % 2 !== 0) return fields;
  const pairs = fields.flatMap((field, index): Pair[] =>
    index % 2 === 0 ? [[field, fields[index + 1]]] : [],
  );
  return replaceIn(pairs, prove).flat(1);
}

function replaceIn(pairs: readonly Pair[], prove: ProveSession): Pair[] {
  return pairs.flatMap(([field, value]): Pair[] => {
    if (!isNamed(field, name)) return [[field, value]];
    const proven = prove(value);
    return proven === undefined ? [] : [[field, proven]];
  });
}
