/** Reads HTTP/1.1 answers from the bytes of a connection. */

/** How the reading of an answer ended. */
export type AnswerEnd = 'complete' | 'closed' | 'reset' | 'timeout' | 'unreachable';

/** What a server answered to one attempt. */
export interface Answer {
  /** The status of the first final answer. 0: there was none. */
  readonly status: number;
  /** Header fields in order, with names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** How the connection was when reading ended. */
  readonly end: AnswerEnd;
  /** The statuses of all answers on the connection, interim ones (1xx) included. */
  readonly statuses: readonly number[];
  readonly milliseconds: number;
}

/** One answer of a connection. */
export interface ParsedAnswer extends Pick<Answer, 'status' | 'fields' | 'body'> {
  /** Whether the body ended where its framing says. */
  readonly isComplete: boolean;
}

/** @returns The values of a field, one for each line. */
function valuesOf({ fields }: Pick<Answer, 'fields'>, name: string): readonly string[] {
  return fields.filter(([each]) => each === name).map(([, value]) => value);
}

/** @returns The values of a field joined by commas, or undefined if there is none. */
export function fieldOf(answer: Pick<Answer, 'fields'>, name: string): string | undefined {
  const values = valuesOf(answer, name);
  return values.length === 0 ? undefined : values.join(', ');
}

/** Reads as many answers as the bytes have. The last one can be incomplete. */
export function parseAnswers(bytes: string, method: string): readonly ParsedAnswer[] {
  const answers: ParsedAnswer[] = [];
  let rest = bytes;
  while (rest.startsWith('HTTP/')) {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd === -1) break;
    const [statusLine = '', ...lines] = rest.slice(0, headEnd).split('\r\n');
    const status = Number(/^HTTP\/\d\.\d (\d{3})/.exec(statusLine)?.[1] ?? 0);
    const fields = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
    const read = readBody(rest.slice(headEnd + 4), { status, fields, method });
    answers.push({ status, fields, body: read.body, isComplete: read.isComplete });
    if (!read.isComplete) break;
    rest = read.rest;
  }
  return answers;
}

interface Head extends Pick<Answer, 'status' | 'fields'> {
  readonly method: string;
}

interface BodyRead {
  readonly body: string;
  readonly rest: string;
  readonly isComplete: boolean;
}

function readBody(bytes: string, head: Head): BodyRead {
  const { status, method } = head;
  if (method === 'HEAD' || status === 204 || status === 304 || status < 200) {
    return { body: '', rest: bytes, isComplete: true };
  }
  if (fieldOf(head, 'content-type')?.includes('text/event-stream')) return readEvents(bytes);
  if (/chunked/i.test(fieldOf(head, 'transfer-encoding') ?? '')) return readChunks(bytes);
  const length = fieldOf(head, 'content-length');
  if (length === undefined) return { body: bytes, rest: '', isComplete: false };
  const size = Number(length);
  return { body: bytes.slice(0, size), rest: bytes.slice(size), isComplete: bytes.length >= size };
}

/** A stream can stay open for ever. The first event with data is the answer. */
function readEvents(bytes: string): BodyRead {
  return { body: bytes, rest: '', isComplete: /(?:^|\n)data: *\S[^\n]*\r?\n\r?\n/.test(bytes) };
}

function readChunks(bytes: string): BodyRead {
  let body = '';
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return { body, rest: '', isComplete: false };
    const size = Number.parseInt(bytes.slice(at, lineEnd), 16);
    if (!(size >= 0)) return { body, rest: '', isComplete: false };
    const start = lineEnd + 2;
    if (size === 0) {
      const end = bytes.indexOf('\r\n', start);
      return { body, rest: bytes.slice(end + 2), isComplete: end !== -1 };
    }
    body += bytes.slice(start, start + size);
    if (bytes.length < start + size + 2) return { body, rest: '', isComplete: false };
    at = start + size + 2;
  }
}
