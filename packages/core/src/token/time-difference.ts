/** By how many seconds a token comes too early or too late, and what to do. */

/** @param seconds What the claim says. */
export function earlyBy(name: string, seconds: number, nowSeconds: number): string {
  const early = Math.ceil(seconds - nowSeconds);
  return `${name}: not valid for another ${early} seconds; compare the clocks of issuer and server`;
}

// A clock that is off is seldom off by more, and a client with an older token did not refresh it.
const longestClockDifference = 3_600;

export function lateBy({
  expiresAt,
  issuedAt,
  nowSeconds,
  clockToleranceSeconds,
}: {
  readonly expiresAt: number;
  readonly issuedAt: number;
  readonly nowSeconds: number;
  readonly clockToleranceSeconds: number;
}): string {
  const late = Math.floor(nowSeconds - expiresAt);
  const issued = issuedAt > 0 ? `, issued ${Math.floor(nowSeconds - issuedAt)} seconds ago` : '';
  const advice =
    late > longestClockDifference
      ? 'the client must get a new token'
      : 'the client must get a new token. If new tokens are refused, compare the clocks of issuer and server';
  return `exp: expired ${late} seconds ago${issued}; tolerance ${clockToleranceSeconds}; ${advice}`;
}
