/** Sends requests over HTTP/2, with prior knowledge on plain connections and with ALPN on TLS. */
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import type { Answer, AnswerEnd } from './answer.ts';
import { openSocket, type Peer } from './exchange.ts';
import type { AuditRequest } from './request.ts';

const empty: Answer = {
  status: 0,
  fields: [],
  body: '',
  end: 'unreachable',
  statuses: [],
  milliseconds: 0,
};

/** Opens a session, or returns undefined if the server does not speak HTTP/2. */
async function openSession(peer: Peer, timeoutMs: number): Promise<ClientHttp2Session | undefined> {
  const session = connect(`${peer.isTls ? 'https' : 'http'}://${peer.host}:${peer.port}`, {
    createConnection: () => openSocket(peer, ['h2']),
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => fail(), timeoutMs);
    const fail = () => {
      clearTimeout(timer);
      session.destroy();
      resolve(undefined);
    };
    session.once('error', fail).on('error', () => {});
    session.once('close', fail);
    // The first frame of a server that speaks HTTP/2.
    session.once('remoteSettings', () => {
      clearTimeout(timer);
      session.off('close', fail);
      resolve(session);
    });
  });
}

/** Whether the server speaks HTTP/2. */
export async function speaksHttp2(peer: Peer, timeoutMs: number): Promise<boolean> {
  const session = await openSession(peer, timeoutMs);
  session?.destroy();
  return session !== undefined;
}

/** Sends one request on a session of its own. */
export async function exchangeHttp2(
  peer: Peer,
  request: AuditRequest,
  timeoutMs: number,
): Promise<Answer> {
  const began = performance.now();
  const session = await openSession(peer, timeoutMs);
  if (session === undefined) return empty;
  try {
    return { ...(await ask(session, request, timeoutMs)), milliseconds: elapsed(began) };
  } catch {
    // The client refuses to send it. So nothing was tried.
    return { ...empty, milliseconds: elapsed(began) };
  } finally {
    session.destroy();
  }
}

function elapsed(began: number): number {
  return Math.round(performance.now() - began);
}

function ask(
  session: ClientHttp2Session,
  { method, target, fields, body }: AuditRequest,
  timeoutMs: number,
): Promise<Answer> {
  const headers: Record<string, string> = { ':method': method, ':path': target };
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    headers[key === 'host' ? ':authority' : key.replace(/^=/, '')] = value;
  }
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  let received = '';
  let status = 0;
  let answered: Answer['fields'] = [];
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish('timeout'), timeoutMs);
    function finish(end: AnswerEnd): void {
      clearTimeout(timer);
      stream.close(constants.NGHTTP2_CANCEL);
      resolve({
        ...{ status, fields: answered, body: received, end, milliseconds: 0 },
        statuses: status === 0 ? [] : [status],
      });
    }
    stream.setEncoding('utf8');
    stream.on('response', (given) => {
      status = Number(given[':status']);
      answered = Object.entries(given).map(([name, value]) => [name, `${value}`] as const);
    });
    stream.on('data', (text: string) => {
      received += text;
      if (/(?:^|\n)data: *\S[^\n]*\r?\n\r?\n/.test(received)) finish('complete');
    });
    stream.on('end', () => finish('complete'));
    stream.on('error', () => finish('reset'));
    stream.on('close', () => finish('closed'));
  });
}
