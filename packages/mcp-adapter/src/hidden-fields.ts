/** Header fields that are for the gate alone. */

/** All that a request of `node:http` or `node:http2` remembers of its header fields. */
export interface HeaderLists {
  readonly headers: Record<string, unknown>;
  readonly headersDistinct?: Record<string, unknown>;
  readonly rawHeaders: string[];
}

/** @param names In lower case. */
export function hideFields(request: HeaderLists, names: readonly string[]): void {
  for (const name of names) hideField(request, name);
}

function hideField(request: HeaderLists, hidden: string): void {
  const { headers, rawHeaders } = request;
  if (headers[hidden] === undefined) return;
  // First these: Node makes them out of the raw list, and counts its fields only once.
  delete headers[hidden];
  delete request.headersDistinct?.[hidden];
  // The SDKs rebuild the headers from the raw list.
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (isNamed(rawHeaders[index], hidden)) rawHeaders.splice(index, 2);
  }
}

/** @param name In lower case. */
export function isNamed(field: unknown, name: string): boolean {
  return typeof field === 'string' && field.length === name.length && field.toLowerCase() === name;
}
