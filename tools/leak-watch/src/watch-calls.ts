import { inspect } from 'node:util';

/** Wraps an object. It reports every call of its methods, and of the methods of their results. */
export function watchCalls(value: unknown, keep: (call: string) => void): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Promise) return value;
  return new Proxy(value, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]) => {
        keep(`${String(name)} ${inspect(args, { depth: 4 })}`);
        return watchCalls(Reflect.apply(member, target, [...args]), keep);
      };
    },
  });
}
