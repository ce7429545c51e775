/** Reads the bodies of strangers, within bounds of size and time. */
import { findJsonFault } from '@sallyport/guarded-fetch';
import type { GateRequest, ParseBody } from '@sallyport/mcp-adapter';
import { type Parameters, readParameters } from './parameters.ts';

const maximumBytes = 32_768;
const maximumMs = 10_000;

type Fault = 'body_consumed' | 'body_ended' | 'body_too_large' | 'body_too_slow' | 'body_malformed';

/** A body, or why there is none. */
export type ReadBody<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: Fault };

const form = /^application\/x-www-form-urlencoded *(?:;|$)/i;
const json = /^application\/json *(?:;|$)/i;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a form. */
export function readForm(request: GateRequest): Promise<ReadBody<Parameters>> {
  return read(request, form, (bytes) => {
    const value = readParameters(utf8.decode(bytes));
    return value === undefined ? { ok: false, fault: 'body_not_json' } : { ok: true, value };
  });
}

/** Reads a JSON object. */
export async function readObject(
  request: GateRequest,
): Promise<ReadBody<Readonly<Record<string, unknown>>>> {
  return read(request, json, (bytes) => {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    // Two programs could read a member that is there twice in two ways.
    const isPlain = isObject && findJsonFault(text, value) === undefined;
    return isPlain ? { ok: true, value } : { ok: false, fault: 'body_not_json' };
  });
}

async function read<Value>(
  request: GateRequest,
  type: RegExp,
  parse: ParseBody,
): Promise<ReadBody<Value>> {
  if (!type.test(request.field('content-type').join(', '))) {
    return { ok: false, fault: 'body_malformed' };
  }
  const tolerant: ParseBody = (bytes, limit) => {
    try {
      return parse(bytes, limit);
    } catch {
      return { ok: false, fault: 'body_not_json' };
    }
  };
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
      stop.abort();
    }, maximumMs);
  });
  try {
    const reading = request.readJson(maximumBytes, { parse: tolerant, stop: stop.signal });
    const body = await Promise.race([reading, late]);
    if (body === undefined) return { ok: false, fault: 'body_too_slow' };
    if (body.ok) return { ok: true, value: body.value as Value };
    const { fault } = body;
    const isKnown = fault === 'body_consumed' || fault === 'body_too_large';
    return { ok: false, fault: isKnown ? fault : 'body_malformed' };
  } catch {
    // The client left in the middle of it. That is no failure of this server.
    return { ok: false, fault: 'body_ended' };
  } finally {
    clearTimeout(timer);
  }
}
