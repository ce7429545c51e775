/** Counts in Redis, of failures and of calls. Everything that goes wrong rejects. */
import { probeKeyBeside } from './limit-keys.ts';
import type { RedisClient } from './redis-client.ts';
import { countScript, peekScript, type Script } from './scripts.ts';

/** A limit of one key, and how many events are about to come. */
export interface SharedWindow {
  /** The name in Redis. All windows of one call have the same `{…}`. */
  readonly key: string;
  readonly maximum: number;
  readonly windowSeconds: number;
  readonly count: number;
}

/** What is left of a {@link SharedWindow}. */
export interface SharedStanding {
  /** Before the events. */
  readonly remaining: number;
  /** Seconds until the events are within the limit; 0 when they are already. */
  readonly waitSeconds: number;
}

/** Asks Redis about windows. */
export interface SharedWindows {
  peek(windows: readonly SharedWindow[]): Promise<readonly SharedStanding[]>;
  /** Counts the events of all windows, or of none when one of them is over its limit. Atomic. */
  count(windows: readonly SharedWindow[]): Promise<readonly SharedStanding[]>;
  /** Writes where the events of this window would be written. */
  probe(window: SharedWindow): Promise<void>;
}

/** More than any window has. */
const maximumProbes = 1_000_000;
/** Limits of up to so many are exact; above it, so many entries are enough. */
const exactEvents = 10;

export function createSharedWindows(client: RedisClient): SharedWindows {
  async function run(
    script: Script,
    windows: readonly SharedWindow[],
  ): Promise<readonly SharedStanding[]> {
    const { length } = windows;
    const parameters = [...windows.map(({ key }) => key), ...windows.flatMap(writeWindow)];
    try {
      return readAnswer(await client.evalsha(script.sha1, length, ...parameters), length);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return readAnswer(await client.eval(script.source, length, ...parameters), length);
    }
  }

  return {
    peek: (windows) => run(peekScript, windows),
    count: (windows) => run(countScript, windows),

    async probe(window) {
      const key = probeKeyBeside(window.key);
      // Within its limit whatever happens: events that are refused would write nothing.
      await run(countScript, [{ ...window, key, maximum: maximumProbes, count: 1 }]);
    },
  };
}

/** The parameters of the scripts, in microseconds. */
function writeWindow({ maximum, windowSeconds, count }: SharedWindow): readonly string[] {
  const window = windowSeconds * 1_000_000;
  // Above the limits that are exact, events of a ninth of the window stop counting together.
  const step = maximum <= exactEvents ? 0 : Math.ceil(window / (exactEvents - 1));
  return [formatInteger(window), `${maximum}`, formatInteger(step), `${count}`];
}

/** @throws {TypeError} When it is not what the scripts answer. */
function readAnswer(answer: unknown, length: number): readonly SharedStanding[] {
  const isComplete = Array.isArray(answer) && answer.length === 2 * length;
  if (!isComplete || !answer.every((value) => Number.isSafeInteger(value) && value >= 0)) {
    throw new TypeError('the script answered something else');
  }
  return Array.from({ length }, (_, index) => ({
    remaining: answer[2 * index],
    waitSeconds: answer[2 * index + 1] / 1_000_000,
  }));
}

const formatInteger = (value: number): string => Math.round(value).toFixed(0);
