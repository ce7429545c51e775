/** Checks the client's address that the application found. */
import type { GateReporter } from '../gate/gate-event.ts';
import { networkOf } from './ip-address.ts';

const longestAddress = 256;

/**
 * Never throws. A text that is no address is the host's own name for a client. If the function throws or returns
 * no text, the address of the connection counts, or `unknown`; `client_address_invalid` is reported once.
 *
 * @param socketAddress Where the host knows it.
 */
export function readGivenAddress(
  find: () => unknown,
  report: GateReporter,
  socketAddress?: string,
): string {
  const given = attempt(find);
  if (typeof given === 'string' && given !== '' && given.length <= longestAddress) {
    return networkOf(given) ?? given;
  }
  report.once('client_address_invalid');
  return networkOf(socketAddress ?? '') ?? 'unknown';
}

function attempt(find: () => unknown): unknown {
  try {
    const given = find();
    // An unhandled rejection would end the process.
    if (given instanceof Promise) given.catch(() => {});
    return given;
  } catch {
    return undefined;
  }
}
