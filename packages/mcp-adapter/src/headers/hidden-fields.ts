/** Header fields and trailers that are for the gate alone. */

import type { Admitted } from '../gate/gate-request.ts';
import { isCredentialField } from './credential-fields.ts';

/** All that a request of `node:http` or `node:http2` remembers of its fields. */
export interface HeaderLists {
  readonly headers: Record<string, unknown>;
  readonly headersDistinct?: Record<string, unknown>;
  readonly rawHeaders: string[];
  readonly trailers?: Record<string, unknown>;
  readonly trailersDistinct?: Record<string, unknown>;
  readonly rawTrailers?: string[];
  readonly complete?: boolean;
  prependOnceListener?(event: 'end', listener: () => void): unknown;
}

/** What decides about one field. */
export type HiddenBy = Pick<Admitted, 'hiddenFields' | 'holdsToken'>;

/** The fields of a request by their names. */
export type Fields = Record<string, unknown> | undefined;

// Middleware behind the gate could turn a POST, which the gate authorized, into another method.
const methodOverrides: ReadonlySet<string> = new Set([
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
]);

/** @param name As received: a token may stand in the name, too. */
export function isHidden(
  { hiddenFields, holdsToken }: HiddenBy,
  name: string,
  value: string,
): boolean {
  const known = name.toLowerCase();
  if (methodOverrides.has(known) || hiddenFields.some((field) => covers(field, known))) return true;
  return isCredentialField(known) || holdsToken(name) || holdsToken(value);
}

function covers(field: string, name: string): boolean {
  return name === field || (field.endsWith('-') && name.startsWith(field));
}

/**
 * Removes the hidden fields from every copy that a request of Node.js keeps of them.
 *
 * @param distinct `headersDistinct` of the request, or `undefined` where Node.js has not built it.
 */
export function hideFields(request: HeaderLists, by: HiddenBy, distinct: Fields): void {
  const { headers, rawHeaders } = request;
  hide(rawHeaders, () => [headers, distinct], by);
  if (request.complete === true) hideTrailers(request, by);
  else request.prependOnceListener?.('end', () => hideTrailers(request, by));
}

function hideTrailers(request: HeaderLists, by: HiddenBy): void {
  const { rawTrailers } = request;
  if (rawTrailers === undefined || rawTrailers.length === 0) return;
  hide(rawTrailers, () => [request.trailers, request.trailersDistinct], by);
}

/** @param readCopies Node makes the copies out of the raw list, so they are read before it changes. */
function hide(raw: string[], readCopies: () => readonly Fields[], by: HiddenBy): void {
  const hidden = new Set<string>();
  for (let index = 0; index < raw.length; index += 2) {
    const received = raw[index] ?? '';
    const name = received.toLowerCase();
    // The SDKs and frameworks need pseudo-header fields; their values were checked before.
    if (name.startsWith(':') || name === 'host') continue;
    if (isHidden(by, received, raw[index + 1] ?? '')) hidden.add(name);
  }
  if (hidden.size === 0) return;
  for (const copy of readCopies()) removeFrom(copy, hidden);
  for (let index = raw.length - 2; index >= 0; index -= 2) {
    // The SDKs rebuild the headers from the raw list.
    if (hidden.has((raw[index] ?? '').toLowerCase())) raw.splice(index, 2);
  }
}

function removeFrom(fields: Fields, hidden: ReadonlySet<string>): void {
  if (fields === undefined) return;
  for (const name of hidden) delete fields[name];
  // HTTP/2 lists the names of sensitive fields under a symbol.
  for (const symbol of Object.getOwnPropertySymbols(fields)) {
    const list = (fields as Record<symbol, unknown>)[symbol];
    if (!Array.isArray(list)) continue;
    (fields as Record<symbol, unknown>)[symbol] = list.filter((name) => !hidden.has(name));
  }
}

/** @param name In lower case. */
export function isNamed(field: unknown, name: string): boolean {
  return typeof field === 'string' && field.length === name.length && field.toLowerCase() === name;
}
