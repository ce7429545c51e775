/** Chooses how the answer to one request is written: checked, filtered or streamed. */
import { isUtf8 } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import type { Caller } from '../assertion/sign-assertions.ts';
import { isMessage } from '../json/messages.ts';
import { createEventFilter } from '../lists/event-filter.ts';
import { createListFilter, type ListChanges } from '../lists/filter-lists.ts';
import { type AnswerFields, mediaType, pickAnswerFields } from './answer-fields.ts';
import { type AnswerWriter, createBodyWriter, createEventWriter } from './answer-writer.ts';
import type { BodyVerdict, ExchangeOptions } from './exchange.ts';

/** The request that is answered. */
export interface AnsweredRequest {
  readonly response: ServerResponse;
  /** Of the requests in its body. */
  readonly ids: readonly unknown[];
  /** `undefined`: anonymous. */
  readonly caller: Caller | undefined;
  /** Whether the answer may hold a list to filter. */
  readonly isFiltered: boolean;
}

/** A larger answer is sent as it comes: then only a broken connection can say that it is not whole. */
const streamFrom = 262_144;
/** A list that is filtered, and a refusal, must be whole. */
const maximumWhole = 8_388_608;

/** Node.js writes head and body of a small text at once. For bytes it makes a list of both, which costs more. */
const maximumText = 16_384;

export function createAnswerOpener(
  changes: ListChanges,
): (request: AnsweredRequest) => Pick<ExchangeOptions, 'openWriter' | 'writeBare'> {
  return ({ response, ids, caller, isFiltered }) => {
    const filter = isFiltered ? createListFilter(changes, caller) : undefined;

    function openWriter(verdict: BodyVerdict, fields: AnswerFields): AnswerWriter {
      const picked = pickAnswerFields(fields);
      if (verdict.kind === 'events') {
        const eventFilter = filter === undefined ? undefined : createEventFilter(filter);
        return createEventWriter({ response, fields: picked, ids, filter: eventFilter });
      }
      const isWhole = filter !== undefined || verdict.kind === 'refusal';
      const read = verdict.kind === 'refusal' ? readRefusal(fields) : readMessage(filter);
      return createBodyWriter({
        response,
        verdict,
        fields: picked,
        read,
        streamFrom: isWhole ? Number.POSITIVE_INFINITY : streamFrom,
        maximum: isWhole ? maximumWhole : Number.POSITIVE_INFINITY,
      });
    }

    return {
      openWriter,
      writeBare(status, fields) {
        const { 'content-type': _type, ...picked } = pickAnswerFields(fields);
        response.writeHead(status, status === 204 ? picked : { ...picked, 'content-length': 0 });
        response.end();
      },
    };
  };
}

/** A JSON-RPC message passes as it came, unless it is filtered. */
function readMessage(
  filter: ((text: string) => string | undefined) | undefined,
): (body: Buffer) => Uint8Array | string | undefined {
  return (body) => {
    const text = decode(body);
    if (text === undefined || !isMessage(parse(text))) return undefined;
    if (filter !== undefined) return filter(text);
    // A text without a byte order mark has the same bytes again.
    return body.length <= maximumText && body[0] !== 0xef ? text : body;
  };
}

/** Servers refuse in JSON or in plain text. Anything else comes from somebody in between. */
function readRefusal(fields: AnswerFields): (body: Buffer) => Uint8Array | undefined {
  return (body) => {
    if (body.length === 0) return body;
    switch (mediaType(fields)) {
      case 'application/json':
        return parse(decode(body) ?? '') === undefined ? undefined : body;
      case 'text/plain':
        return decode(body) === undefined ? undefined : body;
      default:
        return undefined;
    }
  };
}

/** Without a byte order mark, as `TextDecoder` decodes. */
function decode(body: Buffer): string | undefined {
  if (!isUtf8(body)) return undefined;
  const text = body.toString();
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
