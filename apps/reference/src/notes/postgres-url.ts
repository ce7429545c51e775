/** The URL of a PostgreSQL database, as options of its client. */
import { readFileSync } from 'node:fs';
import { ConfigError } from '@sallyport/core';

/** What the client needs to connect. */
export interface PostgresAddress {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** `false` only for a Unix socket, this machine, or `sslmode=disable`. */
  readonly ssl: false | { readonly ca?: string };
}

const thisMachine = /^(?:localhost|127(?:\.\d+){3}|\[::1\]|)$/;
const known: ReadonlySet<string> = new Set(['host', 'sslmode', 'sslrootcert']);

/**
 * Reads `postgres://user:password@host:5432/database`. In its query, `host` names the folder of a Unix socket,
 * `sslrootcert` a file with certification authorities, and `sslmode` is `verify-full` or `disable`. Without
 * `sslmode`, a connection to another machine uses TLS and verifies the certificate.
 *
 * @param variable What errors name. They show nothing of the URL but the names of wrong options.
 * @throws {ConfigError} When the URL or a file that it names cannot be used.
 */
export function readPostgresUrl(variable: string, text: string): PostgresAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = url && decode(url.pathname.slice(1));
  const [user, password] = [url?.username, url?.password].map((part = '') => decode(part));
  if (!url || !database || !user || password === undefined || url.hash !== '') {
    throw new ConfigError(
      variable,
      'must be a URL such as postgres://notes:<password>@db.example.com:5432/notes, percent-encoded',
    );
  }
  const { searchParams: query } = url;
  const unknown = [...query.keys()].find((name) => !known.has(name));
  if (unknown !== undefined || new Set(query.keys()).size < query.size) {
    throw new ConfigError(
      variable,
      'may have host, sslmode and sslrootcert in its query, each once',
    );
  }
  const mode = query.get('sslmode');
  if (mode !== null && mode !== 'verify-full' && mode !== 'disable') {
    throw new ConfigError(
      variable,
      'must have sslmode=verify-full, or sslmode=disable where nobody else can read the network',
    );
  }
  const folder = query.get('host');
  if (folder !== null && !folder.startsWith('/')) {
    throw new ConfigError(variable, 'must have the folder of a Unix socket as host in its query');
  }
  const isLocal = folder !== null || thisMachine.test(url.hostname);
  return {
    host: folder ?? (url.hostname.replace(/^\[|\]$/g, '') || 'localhost'),
    port: Number(url.port || 5_432),
    user,
    password: password === '' ? undefined : password,
    database,
    ssl:
      (mode ?? (isLocal ? 'disable' : '')) === 'disable' ? false : readAuthorities(variable, query),
  };
}

function readAuthorities(variable: string, query: URLSearchParams): { readonly ca?: string } {
  const path = query.get('sslrootcert');
  if (path === null) return {};
  try {
    return { ca: readFileSync(path, 'utf8') };
  } catch {
    throw new ConfigError(variable, 'names a file in sslrootcert that cannot be read');
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
