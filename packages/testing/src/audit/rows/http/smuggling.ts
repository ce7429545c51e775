/** Requests whose end two readers see at different places. */
import { describe, fail, pass } from '../../judge/judges.ts';
import { type Judge, type RowEntry, table } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import type { AuditRequest, Fields } from '../../wire/request.ts';

const clause = 'RFC 9112 §6.3; CWE-444';
const right = 'answers 400, or closes the connection after its answer';

/** A second answer means that the rest of the connection was read as another request. */
const isOneRequest: Judge = (answer) => {
  const finals = answer.statuses.filter((status) => status >= 200);
  if (finals.length > 1 && finals.slice(1).some((status) => status !== 400)) {
    return fail(`${finals.join(', ')}: the rest was read as another request`);
  }
  if (answer.status === 429) return { outcome: 'limited', found: '429' };
  if (answer.status === 500 || answer.status === 502) return fail(`${answer.status}`, 'medium');
  if (answer.status >= 200 && answer.status < 300) {
    return fail(`${answer.status}: the message was served`);
  }
  return pass(describe(answer));
};

const smuggled = (kit: Kit) => `GET /audit-smuggled HTTP/1.1\r\nHost: ${kit.authority}\r\n\r\n`;

type Framing = readonly [title: string, fields: Fields, body: (kit: Kit) => string];

const chunked: readonly [string, string] = ['Transfer-Encoding', 'chunked'];
const afterEmptyChunk = (kit: Kit) => `0\r\n\r\n${smuggled(kit)}`;

const framings: readonly Framing[] = [
  ['Content-Length and Transfer-Encoding', [['Content-Length', '5'], chunked], afterEmptyChunk],
  [
    'Transfer-Encoding and a Content-Length of the whole rest',
    [chunked, ['Content-Length', '60']],
    afterEmptyChunk,
  ],
  [
    'two Content-Length fields',
    [
      ['Content-Length', '2'],
      ['Content-Length', '40'],
    ],
    (kit) => `{}${smuggled(kit)}`,
  ],
  ['a list as Content-Length', [['Content-Length', '2, 40']], (kit) => `{}${smuggled(kit)}`],
  ['a signed Content-Length', [['Content-Length', '+2']], (kit) => `{}${smuggled(kit)}`],
  ['a negative Content-Length', [['Content-Length', '-2']], (kit) => `{}${smuggled(kit)}`],
  ['a hexadecimal Content-Length', [['Content-Length', '0x2']], (kit) => `{}${smuggled(kit)}`],
  ['Transfer-Encoding: xchunked', [['Transfer-Encoding', 'xchunked']], afterEmptyChunk],
  ['Transfer-Encoding: identity', [['Transfer-Encoding', 'identity']], afterEmptyChunk],
  ['chunked before another coding', [['Transfer-Encoding', 'chunked, gzip']], afterEmptyChunk],
  ['a space before the colon', [['', 'Transfer-Encoding : chunked']], afterEmptyChunk],
  ['a vertical tab in the coding', [['Transfer-Encoding', '\x0bchunked']], afterEmptyChunk],
  ['a folded coding', [['', 'Transfer-Encoding:\r\n chunked']], afterEmptyChunk],
  [
    'a field name with a NUL byte',
    [['', 'Transfer-Encoding\0: chunked'], chunked],
    afterEmptyChunk,
  ],
  ['a chunk size with 0x', [chunked], (kit) => `0x2\r\n{}\r\n${afterEmptyChunk(kit)}`],
  ['a negative chunk size', [chunked], (kit) => `-2\r\n{}\r\n${afterEmptyChunk(kit)}`],
  ['a chunk size with a space', [chunked], (kit) => `2 2\r\n{}\r\n${afterEmptyChunk(kit)}`],
  [
    'a chunk that is longer than its size',
    [chunked],
    (kit) => `1\r\n{}\r\n${afterEmptyChunk(kit)}`,
  ],
  ['a chunk size beyond 64 bits', [chunked], () => '10000000000000002\r\n{}\r\n0\r\n\r\n'],
  ['a bare line feed in a chunk', [chunked], (kit) => `2\n{}\n0\n\n${smuggled(kit)}`],
];

const requestLines: readonly (readonly [title: string, line: (path: string) => string])[] = [
  ['HTTP/9.9', (path) => `POST ${path} HTTP/9.9`],
  ['a version in small letters', (path) => `POST ${path} http/1.1`],
  ['a NUL byte in the target', (path) => `POST ${path}\0 HTTP/1.1`],
  ['a tab between its parts', (path) => `POST\t${path}\tHTTP/1.1`],
  ['a bare carriage return', (path) => `POST ${path} HTTP/1.1\rX-Audit: 1`],
];

/** The framing is the fields' own: no length is added. */
function make(kit: Kit, fields: Fields, rest: string): AuditRequest {
  const { body: _body, ...head } = kit.call({ authorization: null, fields });
  return { ...head, trailing: rest, readsAll: true, timeoutMs: 2_000 };
}

/** Request smuggling. No row needs a token: the parser refuses before. */
export const smuggling: ReturnType<typeof table> = table(
  'smuggling',
  [],
  [
    ...framings.map(
      ([title, fields, body]): RowEntry => ({
        title: `a message with ${title}`,
        ...{ requirement: 'HDR-13', clause, right, severity: 'high' },
        request: (kit) => make(kit, fields, body(kit)),
        judge: isOneRequest,
      }),
    ),
    ...requestLines.map(
      ([title, line]): RowEntry => ({
        title: `a request line with ${title}`,
        ...{ requirement: 'HDR-13', clause: 'RFC 9112 §3', right, severity: 'medium' },
        request: (kit) => ({
          ...kit.call({ authorization: null }),
          ...{ requestLine: line(kit.path), readsAll: true, timeoutMs: 2_000 },
        }),
        judge: isOneRequest,
      }),
    ),
    {
      title: 'a GET whose body is another request',
      ...{ requirement: 'HDR-13', clause, right, severity: 'high' },
      request: (kit) => ({
        ...kit.call({ authorization: null, method: 'GET', body: smuggled(kit) }),
        ...{ readsAll: true, timeoutMs: 2_000 },
      }),
      judge: isOneRequest,
    },
  ],
);
