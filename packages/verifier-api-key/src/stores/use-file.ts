/** The days of the last uses. Servers write them, so they are not in the file with the keys. */
import { changeFile, readState } from './key-file.ts';

/** The file of the days, by the ids of keys. */
export interface UseFile {
  read(): Promise<ReadonlyMap<string, string>>;
  touch(id: string, day: string): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

export function createUseFile(path: string): UseFile {
  let waiting = new Map<string, string>();
  let writing: Promise<void> | undefined;

  /** At midnight all keys come at once: one write takes all that came during the one before. */
  async function write(): Promise<void> {
    while (waiting.size > 0) {
      const days = waiting;
      waiting = new Map();
      await changeFile(path, (text) => {
        const all = parseDays(text);
        for (const [id, day] of days) all.set(id, day);
        return `${JSON.stringify(Object.fromEntries(all))}\n`;
      });
    }
  }

  return {
    read: async () => parseDays((await readState(path, undefined))?.text),

    touch(id, day) {
      waiting.set(id, day);
      writing ??= write().finally(() => {
        writing = undefined;
      });
      return writing;
    },

    async close() {
      // A failure was the answer to `touch`.
      await writing?.catch(() => {});
    },
  };
}

/** A damaged file is replaced: the days of last use decide nothing. */
function parseDays(text: string | undefined): Map<string, string> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return new Map(entries.filter((entry) => /^\d{4}-\d\d-\d\d$/.test(String(entry[1]))));
  } catch {
    return new Map();
  }
}
