/** Sends one request over a connection of its own, and reads what comes back. */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Answer, type AnswerEnd, parseAnswers } from './answer.ts';
import { type AuditRequest, toBytes } from './request.ts';

/** Where to connect. */
export interface Peer {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

const longestAnswer = 256 * 1024;
// What a server still says after its first answer, such as to a request that it should not have seen.
const settleMs = 150;

/** Opens a connection. TLS checks the certificate as usual. */
export function openSocket({ host, port, isTls }: Peer, protocols: readonly string[]): Socket {
  if (!isTls) return connectPlain({ host, port, noDelay: true });
  return connectTls({
    host,
    port,
    servername: /^[\d.]+$|:/.test(host) ? '' : host,
    ALPNProtocols: [...protocols],
  }).setNoDelay(true);
}

/** @param timeoutMs How long to wait for a final answer. */
export function exchange(peer: Peer, request: AuditRequest, timeoutMs: number): Promise<Answer> {
  const began = performance.now();
  const socket = openSocket(peer, ['http/1.1']);
  const bytes = toBytes(request);
  let received = '';
  let isConnected = false;

  return new Promise((resolve) => {
    let settle: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => finish('timeout'), timeoutMs);

    function finish(end: AnswerEnd): void {
      clearTimeout(timer);
      clearTimeout(settle);
      socket.destroy();
      const answers = parseAnswers(received, request.method);
      const final = answers.find(({ status }) => status >= 200);
      resolve({
        status: final?.status ?? 0,
        fields: final?.fields ?? [],
        body: Buffer.from(final?.body ?? '', 'latin1').toString('utf8'),
        end: final === undefined && end === 'complete' ? 'closed' : end,
        statuses: answers.map(({ status }) => status),
        milliseconds: Math.round(performance.now() - began),
      });
    }

    socket.on(peer.isTls ? 'secureConnect' : 'connect', () => {
      isConnected = true;
      socket.write(bytes);
    });
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (received.length > longestAnswer) return finish('complete');
      const final = parseAnswers(received, request.method).find(({ status }) => status >= 200);
      if (final?.isComplete !== true) return undefined;
      if (request.readsAll !== true) return finish('complete');
      settle ??= setTimeout(() => finish('complete'), settleMs);
      return undefined;
    });
    socket.on('error', () => finish(isConnected ? 'reset' : 'unreachable'));
    socket.on('close', () => finish('closed'));
    socket.on('end', () => finish('closed'));
  });
}
