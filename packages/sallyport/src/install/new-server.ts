/** A server to add to the file of a client. */
export interface NewServer {
  /** The member of the file that holds all servers. */
  readonly member: string;
  readonly name: string;
  /** The members of the server. */
  readonly entry: Readonly<Record<string, string>>;
  /** Whether an entry of this name may get another address. Default false: the file then stays as it is. */
  readonly mayMove?: boolean;
}

/** The file has another server under the name. */
export class NameTaken extends Error {
  override readonly name: string = 'NameTaken';
}

const addressNames = ['url', 'httpUrl', 'serverUrl'];

/**
 * Refuses to replace a server that somebody else added.
 *
 * @param existing What the file has under the name; `undefined`: nothing.
 * @throws {NameTaken} When that is a command, or a server at another address.
 */
export function refuseOtherServer(
  existing: unknown,
  { name, entry, mayMove = false }: NewServer,
  path: string,
): void {
  if (existing === undefined) return;
  const isTable = typeof existing === 'object' && existing !== null && !Array.isArray(existing);
  if (!isTable || 'command' in existing) {
    throw new NameTaken(
      `${path} has something else under "${name}". Choose another name with --name.`,
    );
  }
  const addresses = (from: object) =>
    addressNames.flatMap((key) => (from as Readonly<Record<string, unknown>>)[key] ?? []);
  const [wanted] = addresses(entry);
  if (mayMove || addresses(existing).every((address) => address === wanted)) return;
  throw new NameTaken(
    `${path} has a server at another address under "${name}". Choose another name with --name, or write --name ${name} to change the address of that server.`,
  );
}
