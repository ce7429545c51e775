/** How much one person may keep, and how much the store holds in all. */

/** Limits of a note store. */
export interface NoteQuota {
  /** Notes of one owner. */
  readonly notesPerOwner: number;
  /** Bytes of the titles and texts of one owner, in UTF-8. */
  readonly bytesPerOwner: number;
  /** Bytes of the whole database. */
  readonly totalBytes: number;
}

export const defaultQuota: NoteQuota = Object.freeze({
  notesPerOwner: 1_000,
  bytesPerOwner: 10 * 1_048_576,
  totalBytes: 256 * 1_048_576,
});

/** Notes of one page of a list, unless fewer are asked for. */
export const longestPage = 100;
