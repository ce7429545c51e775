/** What can be a `Request` of the Fetch API. Both SDKs make one without a thought for strangers. */
import type { GateRequest } from './gate-request.ts';

/** A host and nothing but a host, and a path. */
export function isFetchableAddress({
  host = 'localhost',
  target,
}: Pick<GateRequest, 'host' | 'target'>): boolean {
  const isHost = !/[/?#@\\]/.test(host);
  return isHost && target.startsWith('/') && URL.canParse(`http://${host}${target}`);
}
