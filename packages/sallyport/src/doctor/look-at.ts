import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';

/** What an answer looks like from outside. For printing only: nothing of it was verified. */
export interface Look {
  readonly status: number;
  readonly location: string | undefined;
  /** By how many milliseconds the server's clock is ahead of this one; `undefined` without a `Date` field. */
  readonly clockAheadMs: number | undefined;
  readonly certificate: Certificate | undefined;
}

interface Certificate {
  readonly protocol: string;
  /** Milliseconds since the epoch. */
  readonly validUntil: number;
  /** Host names that it is for. */
  readonly names: readonly string[];
}

const patienceMs = 5_000;

/**
 * Asks for the fields of an answer, and shows a certificate whether or not it is good: that is what a person wants
 * to see of a bad one. It sends no credential, and reads no body.
 */
export async function lookAt(
  url: string,
  { now, signal }: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<Look | undefined> {
  const started = now();
  const { promise, resolve } = Promise.withResolvers<Look | undefined>();
  const answered = (response: IncomingMessage) => {
    const certificate = readCertificate(response.socket);
    response.destroy();
    const date = Date.parse(response.headers.date ?? '');
    const middle = (started + now()) / 2;
    resolve({
      status: response.statusCode ?? 0,
      location: response.headers.location,
      clockAheadMs: Number.isNaN(date) ? undefined : date - middle,
      certificate,
    });
  };
  const options = {
    headers: { Accept: 'application/json', 'User-Agent': 'sallyport' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    rejectUnauthorized: false,
    agent: false,
  } as const;
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  send(url, options, answered)
    .on('error', () => resolve(undefined))
    .end();
  return promise;
}

function readCertificate(socket: IncomingMessage['socket']): Certificate | undefined {
  if (!('getPeerCertificate' in socket)) return undefined;
  const tls = socket as TLSSocket;
  const { valid_to: end = '', subjectaltname: names = '' } = tls.getPeerCertificate() ?? {};
  return {
    protocol: tls.getProtocol() ?? 'TLS',
    validUntil: Date.parse(end),
    names: names.split(', ').map((name) => name.replace(/^(?:DNS|IP Address):/, '')),
  };
}
