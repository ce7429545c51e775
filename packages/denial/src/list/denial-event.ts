/** Why a list cannot be used. A closed list, for metrics. */
export type DenialFault =
  /** The store did not answer, or not in time. */
  | 'unreachable'
  /** The store has no list. */
  | 'missing'
  /** The text is not a list. */
  | 'damaged'
  | 'too_large'
  /** The store has an older list than the one in force. */
  | 'older';

/** What an operator should know of the list. */
export type DenialEvent =
  /** Another list is in force. */
  | { readonly type: 'denial_list_loaded'; readonly entries: number }
  /** The list cannot be read. The one that was read last stays in force, or none if there was none. */
  | {
      readonly type: 'denial_list_unavailable';
      readonly reason: DenialFault;
      /** What is wrong, and where. It quotes no entry. */
      readonly problem: string;
      /** Entries in force. Absent if this instance never read a list: it answers 503. */
      readonly entries?: number;
    }
  /** The list can be read again. */
  | { readonly type: 'denial_list_available'; readonly entries: number };
