/**
 * `Mcp-Method` and `Mcp-Name` repeat the body for those who route by headers (MCP 2026-07-28,
 * "Server Validation"). The gate decides nothing by them. But a proxy may have, so a difference from the body is
 * refused.
 */
import { member } from '../body/json-member.ts';

type Fields = (name: string) => readonly string[];

/** What the body calls that which `Mcp-Name` names. */
const namedBy: ReadonlyMap<unknown, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

const encoded = /^=\?base64\?((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)\?=$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether the headers say what the body says, as far as they say anything. */
export function areMirrored(field: Fields, body: unknown): boolean {
  const methods = field('mcp-method');
  const names = field('mcp-name');
  if (methods.length === 0 && names.length === 0) return true;
  const method = member(body, 'method');
  if (methods.some((value) => value !== method)) return false;
  const source = namedBy.get(method);
  if (source === undefined) return true;
  const name = member(member(body, 'params'), source);
  return names.every((value) => decode(value) === name);
}

/** What cannot stand in a header comes as Base64 of its UTF-8. `undefined` when it is none. */
function decode(value: string): string | undefined {
  if (!(value.startsWith('=?base64?') && value.endsWith('?='))) return value;
  const payload = encoded.exec(value)?.[1];
  if (payload === undefined) return undefined;
  try {
    return utf8.decode(Uint8Array.from(atob(payload), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
