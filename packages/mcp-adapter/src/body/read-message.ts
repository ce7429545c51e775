import type { GateReporter } from '../gate/gate-event.ts';
import type { GateRequest, JsonBody } from '../gate/gate-request.ts';
import { type BoundsFault, boundValue, maximumNodesOf } from './json-bounds.ts';
import { findMessageFault, type MessageFault } from './json-rpc-message.ts';

/** A parsed body within its bounds, or the reason why it is refused. */
export type ReadMessage =
  | JsonBody
  | { readonly ok: false; readonly fault: BoundsFault | MessageFault };

/** Reads the body of a POST, and accepts only JSON-RPC messages within the bounds. */
export function createMessageReader(
  maximumBodyBytes: number,
  report: GateReporter,
): (request: Pick<GateRequest, 'readJson'>) => Promise<ReadMessage> {
  const maximumNodes = maximumNodesOf(maximumBodyBytes);

  return async (request) => {
    const read = await request.readJson(maximumBodyBytes);
    if (!read.ok) {
      if (read.fault === 'body_consumed') report.bodyConsumed();
      return read;
    }
    const fault = findExcess(read, maximumNodes) ?? findMessageFault(read.value);
    return fault === undefined ? read : { ok: false, fault };
  };
}

/** The text of a large body was counted before it was parsed. Counting its value too would double the work. */
function findExcess(
  { value, isBounded }: Extract<JsonBody, { ok: true }>,
  maximumNodes: number,
): BoundsFault | undefined {
  return isBounded === true ? undefined : boundValue(value, maximumNodes);
}
