/** Looks at a server before the audit: what it answers, what it publishes, and what it speaks. */
import type { AuditSettings } from '../options.ts';
import { type Answer, fieldOf } from '../wire/answer.ts';
import type { Peer } from '../wire/exchange.ts';
import { speaksHttp2 } from '../wire/exchange-http2.ts';
import type { AuditRequest } from '../wire/request.ts';
import { readChallenge } from './challenge.ts';
import { makeCall, type Target } from './kit.ts';
import { isServed } from './served.ts';

const client = { name: 'sallyport-audit', version: '1.0.0' };
const initialize = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: client },
};

/**
 * @param send Sends one request at the rate of the audit.
 * @param triesHttp2 Whether a row needs HTTP/2.
 */
export async function explore(
  settings: AuditSettings,
  peer: Peer,
  send: (request: AuditRequest) => Promise<Answer>,
  triesHttp2: boolean,
): Promise<Target> {
  const { url } = settings;
  const path = `${url.pathname}${url.search}`;
  const authority = url.host;
  const place = { path, authority, message: initialize };
  const first = await send(makeCall(place, undefined));
  const challenge = readChallenge(fieldOf(first, 'www-authenticate'));
  const usual = wellKnownPath(url.pathname);
  const named = pathOnServer(challenge?.parameters.get('resource_metadata'), url);
  const get = (target: string) => send({ method: 'GET', target, fields: [['Host', authority]] });
  let metadataPath = named ?? usual;
  let metadataAnswer = await get(metadataPath);
  if (metadataAnswer.status !== 200 && metadataPath !== usual) {
    metadataPath = usual;
    metadataAnswer = await get(usual);
  }
  return {
    ...{ settings, ...place, first, challenge, metadataPath, metadataAnswer },
    metadata: metadataAnswer.status === 200 ? readObject(metadataAnswer.body) : undefined,
    isOpen: isServed(first),
    speaksHttp2: triesHttp2 && (await speaksHttp2(peer, Math.min(settings.timeoutMs, 2_000))),
  };
}

/** The well-known path goes before the path of the resource (RFC 9728 §3.1). */
function wellKnownPath(pathname: string): string {
  return `/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`;
}

/** Only the host of the URL is ever contacted. */
function pathOnServer(address: string | undefined, { host }: URL): string | undefined {
  const named = address === undefined ? null : URL.parse(address);
  return named?.host === host ? `${named.pathname}${named.search}` : undefined;
}

/** @returns The object that a JSON text is, or `undefined`. */
function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
