/** The faults of a note store: a closed list. */

/** Why a call of the store failed. */
export type NoteFault =
  | 'busy'
  | 'full'
  | 'read_only'
  | 'unreadable'
  | 'unavailable'
  | 'quota_notes'
  | 'quota_bytes'
  | 'unexpected';

/** Thrown by a note store. */
export class NoteStoreError extends Error {
  override readonly name: string = 'NoteStoreError';
  readonly fault: NoteFault;

  constructor(fault: NoteFault, cause?: unknown) {
    super(sentences[fault], { cause });
    this.fault = fault;
  }
}

/** What the caller of a tool reads. */
const sentences: Readonly<Record<NoteFault, string>> = {
  busy: 'The notes are busy. Try again in a moment',
  full: 'There is no room for more notes. Ask the operator of this server',
  read_only: 'Notes cannot be changed now. Ask the operator of this server',
  unreadable: 'The notes cannot be read now. Ask the operator of this server',
  unavailable: 'The notes cannot be reached now. Try again in a moment',
  quota_notes: 'You have as many notes as one person may keep. Delete one before you write another',
  quota_bytes:
    'Your notes are as long as those of one person may be. Delete one before you write another',
  unexpected: 'The tool failed. Try again in a moment',
};

// https://www.sqlite.org/rescode.html: the lowest byte of a result code.
const faultOfCode: Readonly<Record<number, NoteFault>> = {
  5: 'busy',
  6: 'busy',
  8: 'read_only',
  10: 'unreadable',
  11: 'unreadable',
  13: 'full',
  14: 'unreadable',
  26: 'unreadable',
};

/** @param error What SQLite threw. */
export function toNoteStoreError(error: unknown): NoteStoreError {
  if (error instanceof NoteStoreError) return error;
  const { errcode } = error as { errcode?: unknown };
  const fault = typeof errcode === 'number' ? faultOfCode[errcode & 0xff] : undefined;
  return new NoteStoreError(fault ?? 'unexpected', error);
}
