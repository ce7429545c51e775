/** What can be wrong with the status line, the header fields, and the length of a body. */
import { chunk, head, named, response, type WrongHttpAnswers } from './answer.ts';

/** @param good The body of a correct answer. */
export function framingAnswers(good: string): WrongHttpAnswers {
  const length = Buffer.byteLength(good);
  const chunked = head('Transfer-Encoding: chunked');
  const whole = Buffer.from(response(good)).toString('latin1');
  const info = (status: string) => `HTTP/1.1 ${status}\r\n\r\n`;
  const withFields = (...fields: string[]) =>
    response(good, { fields: ['Content-Type: application/json', ...fields] });
  return named('framing', {
    'a status that is a word': { onRequest: whole.replace('200', 'abc') },
    'a status of two digits': { onRequest: whole.replace('200', '20') },
    'a status of four digits': { onRequest: whole.replace('200', '2000') },
    'HTTP/9.9': { onRequest: whole.replace('1.1', '9.9') },
    'HTTP/1.0 without a length': {
      onRequest: `HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n${good}`,
      ends: 'end',
      isUsable: true,
    },
    'no blank line': { onRequest: head().trimEnd(), ends: 'end' },
    'line feeds alone': { onRequest: whole.replaceAll('\r\n', '\n'), isUsable: true },
    'a field without a colon': { onRequest: head('NoColon', `Content-Length: ${length}`) + good },
    'a field with a zero byte': { onRequest: Buffer.from(withFields('X: a\u0000b')) },
    'a field over two lines': { onRequest: withFields('X: a', ' b'), isUsable: true },
    'a field of 1 MB': { onRequest: withFields(`X: ${'x'.repeat(1_000_000)}`) },
    '5,000 fields': {
      onRequest: withFields(...Array.from({ length: 5_000 }, (_none, index) => `X-${index}: y`)),
    },
    'fields without end': {
      onRequest: 'HTTP/1.1 200 OK\r\n',
      repeats: { bytes: 'X: y\r\n'.repeat(100), everyMs: 20 },
    },
    '100 Continue, and the answer': { onRequest: info('100 Continue') + whole, isUsable: true },
    '103 Early Hints, and the answer': {
      onRequest: info('103 Early Hints') + whole,
      isUsable: true,
    },
    '103 Early Hints without end': {
      onRequest: '',
      repeats: { bytes: info('103 Early Hints').repeat(20), everyMs: 20 },
    },
    '102 Processing, and no answer': { onRequest: info('102 Processing') },
    '101 Switching Protocols': {
      onRequest: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    },
    'a length too long, and the end': {
      onRequest: head(`Content-Length: ${length + 1}`) + good,
      ends: 'end',
    },
    'a length too long': { onRequest: head(`Content-Length: ${length + 1}`) + good },
    'a length too short': { onRequest: head(`Content-Length: ${length - 1}`) + good },
    'a length of 0': { onRequest: head('Content-Length: 0') + good },
    'a negative length': { onRequest: head('Content-Length: -1') + good, ends: 'end' },
    'a length of 30 digits': { onRequest: head(`Content-Length: ${'9'.repeat(30)}`) + good },
    'a length of 10 GB': { onRequest: head('Content-Length: 9999999999') + good },
    'a length that is a word': { onRequest: head('Content-Length: many') + good, ends: 'end' },
    'two lengths': {
      onRequest: head(`Content-Length: ${length}`, `Content-Length: ${length - 1}`) + good,
    },
    'a length and chunks': {
      onRequest: `${head(`Content-Length: ${length}`, 'Transfer-Encoding: chunked')}${chunk(good)}0\r\n\r\n`,
    },
    'an unknown transfer encoding': {
      onRequest: head('Transfer-Encoding: x') + good,
    },
    chunks: {
      onRequest: `${chunked}${chunk(good.slice(0, 9))}${chunk(good.slice(9))}0\r\n\r\n`,
      isUsable: true,
    },
    'chunks with extensions': {
      onRequest: `${chunked}${chunk(good, ';name="a;b"')}0;last\r\n\r\n`,
      isUsable: true,
    },
    'chunks, and trailers': {
      onRequest: `${chunked}${chunk(good)}0\r\nX-Checksum: 1\r\n\r\n`,
      isUsable: true,
    },
    'trailers that contradict': {
      onRequest: `${chunked}${chunk(good)}0\r\nContent-Length: 3\r\nContent-Type: text/html\r\n\r\n`,
      isUsable: true,
    },
    'trailers without end': {
      onRequest: `${chunked}${chunk(good)}0\r\n`,
      repeats: { bytes: 'X: y\r\n'.repeat(100), everyMs: 20 },
    },
    'an extension of 1 MB': { onRequest: `${chunked}${chunk(good, `;${'x'.repeat(1_000_000)}`)}` },
    'no last chunk, and the end': { onRequest: chunked + chunk(good), ends: 'end' },
    'no last chunk': { onRequest: chunked + chunk(good) },
    'a size that is a word': { onRequest: `${chunked}size\r\n${good}\r\n0\r\n\r\n` },
    'a negative size': { onRequest: `${chunked}-5\r\n${good}\r\n0\r\n\r\n` },
    'a size of 30 digits': { onRequest: `${chunked}${'f'.repeat(30)}\r\n${good}\r\n` },
    'a size too small': { onRequest: `${chunked}2\r\n${good}\r\n0\r\n\r\n` },
    'chunks without end': {
      onRequest: chunked,
      repeats: { bytes: chunk(' '.repeat(65_536)), everyMs: 5 },
    },
  });
}
