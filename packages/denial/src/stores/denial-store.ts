/** Where a list is kept, as one text. The list decides what the text means. */
export interface DenialStore {
  /** For people, such as the path of a file. Never has a password. */
  readonly name: string;
  /**
   * Whether an older list than the one in force is a mistake of the store, such as after the failover of Redis. The
   * newer one then stays in force. Default false: an operator put the older list there.
   */
  readonly refusesOlder?: boolean;
  /**
   * Reads the text. `undefined`: there is no list.
   *
   * @throws {RangeError} When it has more than {@link maximumBytes}.
   * @throws {SyntaxError} When it is not UTF-8.
   */
  read(): Promise<string | undefined>;
  /**
   * Replaces the text, unless it has changed.
   *
   * @param expected What {@link read} returned.
   * @returns Whether it was replaced.
   */
  replace(expected: string | undefined, next: string): Promise<boolean>;
}

/** The longest list, in bytes: about 2,000 entries. It is also the longest reply that `connectRedis` accepts. */
export const maximumBytes = 262_144;
