/** What can be a `Request` of the Fetch API. Both SDKs make one without checking first. */
import type { GateRequest } from '../gate/gate-request.ts';

/**
 * Whether the request names exactly one well-formed host, and its target is a path. The absolute form
 * of a target is refused: frameworks disagree about whether its host or the `Host` field counts.
 */
export function isFetchableAddress({
  host,
  target,
}: Pick<GateRequest, 'host' | 'target'>): boolean {
  if (host === undefined || host === '' || /[/?#@\\]/.test(host)) return false;
  return target.startsWith('/') && URL.canParse(`http://${host}${target}`);
}
