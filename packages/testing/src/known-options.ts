/**
 * Refuses what is no options object, and options that do not exist.
 *
 * @throws {TypeError} With the names that there are.
 */
export function assertKnownOptions(options: object, names: readonly string[]): void {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError('options: must be an object');
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`${unknown}: unknown option. Known options: ${names.join(', ')}`);
  }
}
