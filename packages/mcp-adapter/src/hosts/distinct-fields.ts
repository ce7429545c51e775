/** `headersDistinct` of `node:http`, which few servers read, and which takes a tenth of the gate's time to build. */
import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Fields, HeaderLists } from '../headers/hidden-fields.ts';

const empty = new IncomingMessage(undefined as unknown as Socket);
const { headersDistinct } = empty;
/** Where Node.js keeps what it has built. `undefined`: this version keeps it elsewhere. */
const built: symbol | undefined = Object.getOwnPropertySymbols(empty).find(
  (symbol) => (empty as unknown as Record<symbol, unknown>)[symbol] === headersDistinct,
);

/**
 * Reads `headersDistinct` if Node.js has built it. Otherwise it is built when it is first read, out of the raw list as it
 * is then: Node.js itself could not, because it remembers how long that list was.
 */
export function readDistinctFields(request: HeaderLists): Fields {
  const isPostponable = built !== undefined && request instanceof IncomingMessage;
  if (!isPostponable || built in request) return request.headersDistinct;
  Object.defineProperty(request, 'headersDistinct', postponed);
  return undefined;
}

const postponed: PropertyDescriptor = {
  configurable: true,
  get(this: IncomingMessage): Fields {
    const fields = Object.create(null) as Record<string, string[]>;
    for (let index = 0; index < this.rawHeaders.length; index += 2) {
      const name = (this.rawHeaders[index] ?? '').toLowerCase();
      fields[name] = [...(fields[name] ?? []), this.rawHeaders[index + 1] ?? ''];
    }
    keep(this, fields);
    return fields;
  },
  set(this: IncomingMessage, fields: Fields): void {
    keep(this, fields);
  },
};

function keep(request: IncomingMessage, fields: Fields): void {
  const value = { value: fields, writable: true, configurable: true };
  Object.defineProperty(request, 'headersDistinct', value);
}
