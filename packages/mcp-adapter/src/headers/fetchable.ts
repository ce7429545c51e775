/** What can be a `Request` of the Fetch API. Both SDKs make one without checking first. */
import type { GateRequest } from '../gate/gate-request.ts';

type Address = Pick<GateRequest, 'host' | 'target'>;

/** Creates the check. It remembers the last good address, since most requests have the same. */
export function createAddressCheck(): (address: Address) => boolean {
  let known: Address | undefined;
  return ({ host, target }) => {
    if (known?.host === host && known?.target === target) return true;
    const isGood = isFetchable(host, target);
    if (isGood) known = { host, target };
    return isGood;
  };
}

/**
 * Whether the request names exactly one well-formed host, and its target is a path. The absolute form
 * of a target is refused: frameworks disagree about whether its host or the `Host` field counts.
 */
function isFetchable(host: string | undefined, target: string): boolean {
  if (host === undefined || host === '' || /[/?#@\\]/.test(host)) return false;
  return target.startsWith('/') && URL.canParse(`http://${host}${target}`);
}
