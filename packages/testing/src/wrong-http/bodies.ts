/** Answers that are valid HTTP with status 200, and whose body is wrong. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { named, response, type WrongHttpAnswer, type WrongHttpAnswers } from './answer.ts';

/** @param good The body of a correct answer, which is a JSON object. */
export function bodyAnswers(good: string): WrongHttpAnswers {
  const json = 'Content-Type: application/json';
  const as = (body: string | Uint8Array, ...fields: string[]): WrongHttpAnswer => ({
    onRequest: response(body, { fields }),
  });
  const encoded = (encoding: string, body: string | Uint8Array) =>
    as(body, json, `Content-Encoding: ${encoding}`);
  const usable = (answer: WrongHttpAnswer): WrongHttpAnswer => ({ ...answer, isUsable: true });
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const withMember = (member: string) => as(`{${member},${good.slice(1)}`, json);
  const zipped = gzipSync(good);
  return named('body', {
    HTML: as('<!doctype html><title>Sign in</title>', 'Content-Type: text/html'),
    'JSON as HTML': as(good, 'Content-Type: text/html'),
    'JSON as text': usable(as(good, 'Content-Type: text/plain')),
    'JSON as bytes': usable(as(good, 'Content-Type: application/octet-stream')),
    'JSON without a type': usable(as(good)),
    'JSON with an empty type': usable(as(good, 'Content-Type:')),
    'JSON with two types': as(good, 'Content-Type: text/html', json),
    'HTML as JSON': as('<!doctype html><title>Sign in</title>', json),
    'an event stream': as(`data: ${good}\n\n`, 'Content-Type: text/event-stream'),
    nothing: as('', json),
    spaces: as(' '.repeat(1_000), json),
    'a list': as(`[${good}]`, json),
    null: as('null', json),
    'a number': as('1', json),
    'a text': as(JSON.stringify(good), json),
    true: as('true', json),
    'an empty object': as('{}', json),
    'an error of OAuth': as('{"error":"server_error","error_description":"Try again"}', json),
    'an error of a proxy': as('{"message":"no Route matched with those values"}', json),
    'half of it': as(good.slice(0, good.length >> 1), json),
    'it twice': as(good + good, json),
    'it, and junk': as(`${good}x`, json),
    'a comma at the end': as(good.replace(/}$/, ',}'), json),
    'a prefix against hijacking': as(`)]}',\n${good}`, json),
    'a member twice': as(`${good.slice(0, -1)},${good.slice(1)}`, json),
    'a member of 20,000 lists within each other': withMember(`"x":${nested(20_000)}`),
    NaN: withMember('"x":NaN'),
    'a zero byte': as(`${good}\u0000`, json),
    'UTF-16': as(Buffer.from(good, 'utf16le'), json),
    'invalid UTF-8': as(
      Buffer.concat([Buffer.from('{"x":"'), Buffer.of(0xff), Buffer.from('"}')]),
      json,
    ),
    '2 MB': as(`{"x":"${'x'.repeat(2_000_000)}"}`, json),
    'spaces without end': {
      onRequest: `HTTP/1.1 200 OK\r\n${json}\r\n\r\n`,
      repeats: { bytes: ' '.repeat(65_536), everyMs: 5 },
    },
    gzip: usable(encoded('gzip', zipped)),
    deflate: usable(encoded('deflate', deflateSync(good))),
    brotli: usable(encoded('br', brotliCompressSync(good))),
    'gzip within gzip': usable(encoded('gzip, gzip', gzipSync(zipped))),
    'gzip in name only': encoded('gzip', good),
    'half of the gzip': encoded('gzip', zipped.subarray(0, zipped.length >> 1)),
    'gzip with a wrong checksum': encoded(
      'gzip',
      Buffer.concat([zipped.subarray(0, -8), new Uint8Array(8)]),
    ),
    'a gzip bomb of 20 MB': encoded('gzip', gzipSync(new Uint8Array(20_000_000).fill(32))),
    'brotli in name only': encoded('br', good),
    '100 encodings': encoded(Array(100).fill('gzip').join(', '), zipped),
  });
}
