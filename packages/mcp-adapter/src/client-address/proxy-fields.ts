/** Fields that only proxies add. Their presence tells that a request came through one. */

/** Those that name the client. The gate reads the first two, where proxies are trusted. */
const addressFields: readonly string[] = [
  ...['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip'],
  ...['cf-connecting-ip', 'fastly-client-ip'],
];
const otherFields = ['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port'];

/** @param has Whether a request has a field, whose name is in lower case. */
export function hasProxyField(has: (name: string) => boolean): boolean {
  return addressFields.some(has) || otherFields.some(has);
}

/**
 * Whether proxies name clients, and none of them is the address that failures are counted against. Only
 * for IPv4: an IPv6 address has many spellings, and is counted by its network.
 */
export function namesOtherClients({ headers }: Request, ownAddress: string): boolean {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(ownAddress)) return false;
  const named = addressFields.flatMap((name) => headers.get(name) ?? []);
  return named.length > 0 && !named.some((value) => value.includes(ownAddress));
}
