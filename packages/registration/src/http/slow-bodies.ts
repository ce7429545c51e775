/** Counts the bodies that are being read, so that slow clients of one address do not block others. */
import type { GateRequest } from '@sallyport/mcp-adapter';
import { createPlaces } from './places.ts';

/** The bodies of one server. */
export interface SlowBodies {
  /** Whether an address sends as many bodies at once as it may. */
  isFull(address: string): boolean;
  /** The same request. Its body counts until it has been read. */
  count(request: GateRequest): GateRequest;
}

// The server limits all requests together.
const limits = { most: Number.POSITIVE_INFINITY, mostOfAddress: 32 };

export function createSlowBodies(): SlowBodies {
  const places = createPlaces(limits);
  return {
    isFull: places.isFull,

    count(request) {
      const { method, target, host, clientAddress, signal } = request;
      return {
        ...{ method, target, host, clientAddress, signal },
        field: (name) => request.field(name),
        readJson: (maximumBytes, options) =>
          places.run(clientAddress, () => request.readJson(maximumBytes, options)),
      };
    },
  };
}
