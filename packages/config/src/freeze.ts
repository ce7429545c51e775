/** Freezes data and what it consists of, and leaves everything that has methods alone. */
export function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || !isData(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}

function isData(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain =
    prototype === Object.prototype || prototype === Array.prototype || prototype === null;
  return isPlain && !Object.values(value).some((member) => typeof member === 'function');
}
