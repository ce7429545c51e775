/** One entry of a list, and how it is written. */

/** Who is denied: exactly one of these, as an issuer names it. */
export type DeniedParty = { readonly issuer: string } & (
  | { readonly subject: string; readonly client?: never; readonly token?: never }
  | { readonly client: string; readonly subject?: never; readonly token?: never }
  /** The `jti` of a token, or the id of an API key. */
  | { readonly token: string; readonly subject?: never; readonly client?: never }
);

/** An entry of the list. */
export type Denied = DeniedParty & {
  /** For the log, and never for the client. At most 200 characters. */
  readonly reason: string;
  /** When it was added: seconds since the epoch. */
  readonly since?: number;
  /** When it ends: seconds since the epoch. Absent: never. */
  readonly until?: number;
};

/** The kinds of parties, in the order in which they are checked. */
export const partyKinds = ['token', 'subject', 'client'] as const;
export type PartyKind = (typeof partyKinds)[number];

/** What an entry denies. */
export function partyOf(denied: DeniedParty): { readonly kind: PartyKind; readonly id: string } {
  for (const kind of partyKinds) {
    const id = denied[kind];
    if (id !== undefined) return { kind, id };
  }
  throw new TypeError('an entry without a party');
}

/** Whether two entries deny the same party. */
export function isSameParty(left: DeniedParty, right: DeniedParty): boolean {
  const one = partyOf(left);
  const other = partyOf(right);
  return left.issuer === right.issuer && one.kind === other.kind && one.id === other.id;
}
