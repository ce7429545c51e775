/** Waits for settings that are promised, such as by `settingsFrom(config)`, and passes them on. */
export async function withSettings<Settings, Result>(
  given: Settings | Promise<Settings>,
  use: (settings: Settings) => Result,
): Promise<Result> {
  return use(isPromise(given) ? await given : given);
}

/** Other objects are not asked for a `then`: reading it may throw. */
function isPromise<Settings>(given: Settings | Promise<Settings>): given is Promise<Settings> {
  try {
    return given instanceof Promise;
  } catch {
    return false;
  }
}
