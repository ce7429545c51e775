/** Settings as they are given: at once, or as a promise such as that of `settingsFrom(config)`. */

/** The settings that hold connections of their own. */
const closable = ['verifier', 'rateLimiter', 'tokenExchange'] as const;

/**
 * Waits for promised settings and passes them on.
 *
 * If the caller awaited its settings, it closes what they hold when `use` throws. Promised settings are out of its
 * reach, so they are closed here.
 */
export async function withSettings<Settings, Result>(
  given: Settings | Promise<Settings>,
  use: (settings: Settings) => Result,
): Promise<Result> {
  if (!isPromise(given)) return use(given);
  const settings = await given;
  try {
    return use(settings);
  } catch (error) {
    await closeAll(settings);
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

async function closeAll(settings: unknown): Promise<void> {
  for (const name of closable) {
    try {
      await Reflect.get(Object(settings), name)?.close?.();
    } catch {
      // The error of the composition says more.
    }
  }
}
