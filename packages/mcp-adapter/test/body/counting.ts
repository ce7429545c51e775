/** Bytes and values that count every look at them. */

/** The same bytes. A search is counted as the bytes it passes, and a word as one look. */
export function countingBytes(bytes: Uint8Array) {
  let count = 0;
  const counted = new Proxy(bytes, {
    get(target, name) {
      if (name === 'indexOf') {
        return (wanted: number, from: number) => {
          const found = target.indexOf(wanted, from);
          count += (found === -1 ? target.length : found + 1) - from;
          return found;
        };
      }
      if (typeof name === 'string' && /^\d+$/.test(name)) count += 1;
      return Reflect.get(target, name, target);
    },
  });
  return { counted, looks: () => count };
}

/** The same value. Listing names is counted as the number of them. */
export function countingValue(value: unknown) {
  let count = 0;
  const proxies = new WeakMap<object, unknown>();

  function wrap(current: unknown): unknown {
    if (typeof current !== 'object' || current === null) return current;
    const known = proxies.get(current);
    if (known !== undefined) return known;
    const proxy = new Proxy(current, {
      get(target, name) {
        count += 1;
        return wrap(Reflect.get(target, name, target));
      },
      has(target, name) {
        count += 1;
        return Reflect.has(target, name);
      },
      ownKeys(target) {
        const names = Reflect.ownKeys(target);
        count += names.length;
        return names;
      },
      // The engine asks for it once per name while it lists them: that is part of listing.
      getOwnPropertyDescriptor(target, name) {
        count += 1;
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
    proxies.set(current, proxy);
    return proxy;
  }

  return { value: wrap(value), operations: () => count };
}
