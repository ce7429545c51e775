/** Puts a mistake in front of the hardened server. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerHead, Attacked, Defect } from './defect.ts';
import type { AuditedServer } from './hardened-server.ts';
import { mintGood, readToken } from './read-token.ts';

/** Runs the mistake. @returns `true` if the request goes no further. */
export async function misbehave(
  defect: Defect,
  server: AuditedServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const attacked = attack(server, request, response);
  const isAnswered = await defect.break(attacked);
  return isAnswered === true || response.writableEnded;
}

/** Fields are changed in the raw list. Node.js reads the others from it, when somebody first asks. */
function attack(
  server: AuditedServer,
  request: IncomingMessage,
  response: ServerResponse,
): Attacked {
  const { rawHeaders } = request;
  // The gate hides the token before the answer is written.
  const given = [...rawHeaders];
  const values = (name: string) =>
    given.filter((_value, index) => index % 2 === 1 && given[index - 1]?.toLowerCase() === name);
  const set = (name: string, value: string | undefined) => {
    for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
      if (rawHeaders[index]?.toLowerCase() === name) rawHeaders.splice(index, 2);
    }
    if (value !== undefined) rawHeaders.push(name, value);
    countFields(request);
    if (value === undefined) delete request.headers[name];
    else request.headers[name] = value;
  };
  return {
    ...{ request, response, server, values, set },
    async accept(claims) {
      const target = request.url ?? '';
      // What held the token is gone, as in a server that reads it there.
      request.url = target.includes('access_token=') || target.includes('@') ? '/mcp' : target;
      for (const name of ['cookie', 'x-forwarded-access-token', 'x-api-key']) set(name, undefined);
      set('authorization', `Bearer ${await mintGood(server, claims)}`);
    },
    token() {
      const [, text] = /^Bearer +(\S+)$/i.exec(values('authorization')[0] ?? '') ?? [];
      return text === undefined ? undefined : readToken(text, server);
    },
    onAnswer: (change) => interceptAnswer(response, change),
  };
}

/** Node.js reads only as many fields as it counted when they came. */
function countFields(request: IncomingMessage): void {
  const count = Object.getOwnPropertySymbols(request).find(
    ({ description }) => description === 'kHeadersCount',
  );
  if (count === undefined) throw new Error('this version of Node.js counts fields in another way');
  Object.assign(request, { [count]: request.rawHeaders.length });
}

function interceptAnswer(
  response: ServerResponse,
  change: (head: AnswerHead, body: string) => string | undefined,
): void {
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse;
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
  let status = 200;
  const chunks: Buffer[] = [];
  Object.assign(response, {
    writeHead(code: number, ...rest: unknown[]) {
      status = code;
      const given = rest.at(-1);
      const pairs = Array.isArray(given) ? toPairs(given) : Object.entries(given ?? {});
      for (const [name, value] of pairs) response.setHeader(name, value as string);
      if (!`${response.getHeader('content-type')}`.includes('event-stream')) return response;
      // A stream is never changed: its end may never come.
      for (const name of ['write', 'end', 'flushHeaders']) Reflect.deleteProperty(response, name);
      return writeHead(code);
    },
    write(chunk: string | Uint8Array) {
      chunks.push(Buffer.from(chunk as string));
      return true;
    },
    flushHeaders() {},
    end(chunk?: unknown) {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array)
        chunks.push(Buffer.from(chunk as string));
      const fields = Object.fromEntries(
        Object.entries(response.getHeaders()).map(([name, value]) => [name, `${value}`]),
      );
      const body = Buffer.concat(chunks).toString();
      const head: AnswerHead = {
        status: response.statusCode === 200 ? status : response.statusCode,
        fields,
      };
      const changed = change(head, body) ?? body;
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      delete fields['content-length'];
      delete fields['transfer-encoding'];
      writeHead(head.status, fields);
      return end(changed);
    },
  });
}

function toPairs(list: readonly unknown[]): readonly (readonly [string, unknown])[] {
  if (Array.isArray(list[0])) return list as readonly (readonly [string, unknown])[];
  return list.flatMap((name, index) =>
    index % 2 === 0 ? [[`${name}`, list[index + 1]] as const] : [],
  );
}
