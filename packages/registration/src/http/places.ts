/** Counts what is under way for each client address, so that one address leaves room for the others. */
import { widerNetworkOf } from '@sallyport/core';

/** How much may be under way. */
export interface PlaceLimits {
  readonly most: number;
  /** For one IPv4 address, or one IPv6 /48. */
  readonly mostOfAddress: number;
}

/** Places for work. */
export interface Places {
  /** Whether there is no place for this address. */
  isFull(address: string): boolean;
  /** Does the work. It has a place until it ends. */
  run<Result>(address: string, work: () => Promise<Result>): Promise<Result>;
}

export function createPlaces({ most, mostOfAddress }: PlaceLimits): Places {
  const taken = new Map<string, number>();
  let all = 0;
  const networkOf = (address: string) => widerNetworkOf(address) ?? address;
  const of = (network: string) => taken.get(network) ?? 0;
  return {
    isFull: (address) => all >= most || of(networkOf(address)) >= mostOfAddress,

    async run(address, work) {
      const network = networkOf(address);
      taken.set(network, of(network) + 1);
      all += 1;
      try {
        return await work();
      } finally {
        all -= 1;
        if (of(network) > 1) taken.set(network, of(network) - 1);
        else taken.delete(network);
      }
    },
  };
}
