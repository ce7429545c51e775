import type { ProtectSettings } from './settings.ts';

/**
 * Waits for settings that are promised, such as by `settingsFrom(config)`, and passes them on. If they cannot be
 * used, it disposes of what they opened.
 */
export async function withSettings<Settings, Result>(
  given: Settings | Promise<Settings>,
  use: (settings: Settings) => Result,
): Promise<Result> {
  const settings = isPromise(given) ? await given : given;
  try {
    return use(settings);
  } catch (error) {
    // The settings may be anything. The first error says what is wrong with them.
    await (async () => (settings as ProtectSettings).dispose?.())().catch(() => {});
    throw error;
  }
}

/** Other objects are not asked for a `then`: reading it may throw. */
function isPromise<Settings>(given: Settings | Promise<Settings>): given is Promise<Settings> {
  try {
    return given instanceof Promise;
  } catch {
    return false;
  }
}
