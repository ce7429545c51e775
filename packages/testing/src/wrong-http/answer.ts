/** One wrong answer, and what it is made of. */

/** What a server does with a connection, in place of a correct answer. */
export interface WrongHttpAnswer {
  /** Sent when a connection opens, before there is a request. */
  readonly onConnect?: Bytes;
  /** Sent once for each request. */
  readonly onRequest?: Bytes;
  /** Sent after it again and again, until the connection closes. */
  readonly repeats?: { readonly bytes: Bytes; readonly everyMs: number };
  /** How the connection ends after that. Default: it stays open. */
  readonly ends?: 'end' | 'reset';
  /** The answer is unusual, but the correct body is in it: a client may use it. Default false. */
  readonly isUsable?: boolean;
}

type Bytes = string | Uint8Array;

/** Wrong answers by name. */
export type WrongHttpAnswers = Readonly<Record<string, WrongHttpAnswer>>;

/** Header fields as lines, such as `X: y`. */
type Fields = readonly string[];

/** Default: a 200 answer in JSON. */
interface Head {
  readonly status?: string;
  /** Besides the length. */
  readonly fields?: Fields;
}

/** A whole answer. */
export function response(
  body: Bytes,
  { status = '200 OK', fields = ['Content-Type: application/json'] }: Head = {},
): Uint8Array {
  const bytes = Buffer.from(body);
  const lines = [`HTTP/1.1 ${status}`, ...fields, `Content-Length: ${bytes.length}`];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

/** The head of a 200 answer in JSON, with these fields. */
export function head(...fields: Fields): string {
  return ['HTTP/1.1 200 OK', 'Content-Type: application/json', ...fields, '', ''].join('\r\n');
}

/** One chunk of a chunked body. */
export function chunk(text: string, extension = ''): string {
  return `${Buffer.byteLength(text).toString(16)}${extension}\r\n${text}\r\n`;
}

/** Each name with its answer under one word in front. */
export function named(prefix: string, answers: WrongHttpAnswers): WrongHttpAnswers {
  return Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [`${prefix}: ${name}`, answer]),
  );
}
