import { hash, timingSafeEqual } from 'node:crypto';

/** Finds what belongs to a token. */
export interface TokenTable<Entry> {
  find(token: string): Entry | undefined;
}

/**
 * Keeps digests in place of the tokens, and compares all of them every time: how long a look-up
 * takes depends on how many tokens there are and how long the given one is, and on nothing else.
 */
export function createTokenTable<Entry>(
  tokens: Readonly<Record<string, Entry>>,
): TokenTable<Entry> {
  const rows = Object.entries(tokens).map(([token, entry]) => ({ digest: digestOf(token), entry }));

  return {
    find(token) {
      // Digests, because `timingSafeEqual` throws when the lengths differ.
      const digest = digestOf(token);
      let found: Entry | undefined;
      for (const row of rows) {
        if (timingSafeEqual(row.digest, digest)) found = row.entry;
      }
      return found;
    },
  };
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
