/** Whether settings are promised. Other objects are not asked for a `then`: reading it may throw. */
export function isPromise<Settings>(
  given: Settings | Promise<Settings>,
): given is Promise<Settings> {
  try {
    return given instanceof Promise;
  } catch {
    return false;
  }
}
