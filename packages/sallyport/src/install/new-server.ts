/** A server to add to the file of a client. */
export interface NewServer {
  /** The member of the file that holds all servers. */
  readonly member: string;
  readonly name: string;
  /** The members of the server. */
  readonly entry: Readonly<Record<string, string>>;
}
