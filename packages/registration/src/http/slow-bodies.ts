/** Counts the bodies that are being read, so that slow ones of one address stop nobody else. */
import type { GateRequest } from '@sallyport/mcp-adapter';

/** The bodies of one server. */
export interface SlowBodies {
  /** Whether an address sends as many bodies at once as it may. */
  isFull(address: string): boolean;
  /** The same request. Its body counts until it has been read. */
  count(request: GateRequest): GateRequest;
}

const mostOfAddress = 64;

export function createSlowBodies(): SlowBodies {
  const underWay = new Map<string, number>();
  const of = (address: string) => underWay.get(address) ?? 0;
  return {
    isFull: (address) => of(address) >= mostOfAddress,

    count(request) {
      const { method, target, host, clientAddress: address, signal } = request;
      return {
        ...{ method, target, host, clientAddress: address, signal },
        field: (name) => request.field(name),
        async readJson(maximumBytes, options) {
          underWay.set(address, of(address) + 1);
          try {
            return await request.readJson(maximumBytes, options);
          } finally {
            if (of(address) > 1) underWay.set(address, of(address) - 1);
            else underWay.delete(address);
          }
        },
      };
    },
  };
}
