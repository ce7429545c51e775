import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The path of `initdb`, or its name where it is missing. The other programs of PostgreSQL are beside it. Debian has them in
 * a folder of each version, which is not on the PATH.
 */
export const initdb: string =
  [
    ...globSync('/usr/lib/postgresql/*/bin/initdb'),
    ...(process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'initdb')),
  ].find((path) => existsSync(path)) ?? 'initdb';
