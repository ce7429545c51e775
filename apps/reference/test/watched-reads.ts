/** Finds the fields of a value that a function never reads. */

/** A value whose reads are recorded. */
export interface Watched {
  /** Reads like the value that was given. */
  readonly value: unknown;
  readonly own: readonly string[];
  /** Names that were read. All names, when they were enumerated. */
  readonly names: ReadonlySet<string>;
  readonly children: ReadonlyMap<string, Watched>;
}

/** Records the reads of a value made of objects, arrays and scalars. */
export function watchReads(given: object): Watched {
  const own = Object.keys(given);
  const names = new Set<string>();
  const children = new Map<string, Watched>();
  for (const [name, child] of Object.entries(given)) {
    if (typeof child === 'object' && child !== null) children.set(name, watchReads(child));
  }
  const value = new Proxy(given, {
    get(target, name) {
      if (typeof name === 'symbol') return Reflect.get(target, name);
      names.add(name);
      return children.get(name)?.value ?? Reflect.get(target, name);
    },
    ownKeys(target) {
      for (const name of own) names.add(name);
      return Reflect.ownKeys(target);
    },
  });
  return { value, own, names, children };
}

/** Paths of the fields that were never read. What is in such a field is not listed. */
export function findUnread({ own, names, children }: Watched, path = ''): readonly string[] {
  return own.flatMap((name) => {
    const child = children.get(name);
    if (!names.has(name)) return [`${path}/${name}`];
    return child === undefined ? [] : findUnread(child, `${path}/${name}`);
  });
}
